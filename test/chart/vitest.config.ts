import { findHelm } from "@application-connector/connector-manager/chart";
import { defineConfig } from "vitest/config";

const helm = findHelm();
if (helm === undefined) {
  console.log("skipped: no helm in HELM, in the folder of KUBEBUILDER_ASSETS, or on the path");
}

/** The chart, rendered by Helm. */
export default defineConfig({
  test: {
    include: helm === undefined ? [] : ["test/chart/**/*.test.ts"],
    passWithNoTests: true,
    experimental: { viteModuleRunner: false },
    reporters: ["default", "./test/counts-reporter.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
