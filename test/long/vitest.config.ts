import { defineConfig } from "vitest/config";

/** What takes minutes: `*.long.test.ts`, one file at a time. */
export default defineConfig({
  root: new URL("../..", import.meta.url).pathname,
  test: {
    include: ["{services,libs,crds,test}/**/*.long.test.ts"],
    exclude: ["**/node_modules/**"],
    experimental: { viteModuleRunner: false },
    fileParallelism: false,
    reporters: ["default", "./test/counts-reporter.ts"],
    testTimeout: 900_000,
    hookTimeout: 120_000,
  },
});
