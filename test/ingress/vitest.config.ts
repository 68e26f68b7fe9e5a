import { defineConfig } from "vitest/config";

if (!process.env["ENVOY"])
  console.log("skipped: ENVOY does not name the program of Envoy; CONTRIBUTING.md says how to get it");

/** The validator behind a real Envoy. */
export default defineConfig({
  root: new URL("../..", import.meta.url).pathname,
  test: {
    include: process.env["ENVOY"] ? ["test/ingress/**/*.test.ts"] : [],
    exclude: ["**/node_modules/**"],
    passWithNoTests: true,
    experimental: { viteModuleRunner: false },
    reporters: ["default", "./test/counts-reporter.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
