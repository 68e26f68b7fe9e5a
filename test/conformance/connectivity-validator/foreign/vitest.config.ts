import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

/** The numbered cases against another validator; see the README of the suite. */
export default defineConfig({
  test: {
    root,
    include: ["routing-and-identity", "forwarding", "application-changes"].map(
      (name) => `test/conformance/connectivity-validator/${name}.test.ts`,
    ),
    setupFiles: [fileURLToPath(new URL("only-comparable.ts", import.meta.url))],
    experimental: { viteModuleRunner: false },
    // One that runs already knows one world at a time.
    fileParallelism: false,
    hookTimeout: 330_000,
    testTimeout: 330_000,
  },
});
