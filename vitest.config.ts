import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{services,libs,crds,test}/**/*.test.ts"],
    exclude: ["**/node_modules/**", "test/cluster/**", "test/ingress/**", "test/chart/**", "**/*.long.test.ts"],
    experimental: { viteModuleRunner: false },
    reporters: ["default", "./test/counts-reporter.ts"],
    testTimeout: 20_000,
    // Many tests wait more than they compute: two files at a time take half the time, even on two cores.
    maxWorkers: 2,
    coverage: { provider: "v8", include: ["{services,libs}/**/src/**/*.ts"], reporter: ["text-summary"] },
  },
});
