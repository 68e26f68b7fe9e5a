import path from "node:path";
import { defineConfig } from "vitest/config";
import { portableFiles } from "./expected-differences.ts";

const here = import.meta.dirname;

/** The conformance suite of the gateway against another one; README.md beside this folder says how. */
export default defineConfig({
  root: path.resolve(here, "../../../.."),
  test: {
    include: portableFiles.map((file) => `test/conformance/application-gateway/${file}`),
    experimental: { viteModuleRunner: false },
    // One gateway, or one API server for it, at a time.
    fileParallelism: false,
    testTimeout: 40_000,
    hookTimeout: 60_000,
    globalSetup: [path.join(here, "check-environment.ts")],
    reporters: [
      "default",
      path.join(here, "differences-reporter.ts"),
      path.resolve(here, "../../../counts-reporter.ts"),
    ],
  },
});
