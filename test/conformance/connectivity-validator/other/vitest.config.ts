import path from "node:path";
import { defineConfig } from "vitest/config";

const suite = path.resolve(import.meta.dirname, "..");
const root = path.resolve(suite, "../../..");

/** The numbered cases against another validator; README.md beside this folder says how. */
export default defineConfig({
  root,
  test: {
    include: ["routing-and-identity", "forwarding", "application-changes"].map(
      (name) => `test/conformance/connectivity-validator/${name}.test.ts`,
    ),
    setupFiles: [path.join(import.meta.dirname, "mark-differences.ts")],
    experimental: { viteModuleRunner: false },
    // One that runs already knows one world at a time, and takes its time to see the next one.
    fileParallelism: false,
    testTimeout: 330_000,
    hookTimeout: 330_000,
    reporters: [
      "default",
      path.resolve(suite, "../application-gateway/other/differences-reporter.ts"),
      path.resolve(suite, "../../counts-reporter.ts"),
    ],
  },
});
