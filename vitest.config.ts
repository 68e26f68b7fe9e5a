import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{services,libs,crds,test}/**/*.test.ts"],
    exclude: ["**/node_modules/**", "test/cluster/**", "test/ingress/**", "test/chart/**", "**/*.long.test.ts"],
    experimental: { viteModuleRunner: false },
    reporters: ["default", "./test/counts-reporter.ts"],
    testTimeout: 20_000,
    coverage: { provider: "v8", include: ["{services,libs}/**/src/**/*.ts"], reporter: ["text-summary"] },
  },
});
