import { defineConfig } from "vitest/config";

const { KUBEBUILDER_ASSETS } = process.env;
if (!KUBEBUILDER_ASSETS) {
  console.log("skipped: KUBEBUILDER_ASSETS does not name a folder with kube-apiserver and etcd");
}

/** The suites that must hold on a real API server, run against one. */
export default defineConfig({
  test: {
    include: KUBEBUILDER_ASSETS
      ? ["test/conformance/kubernetes-runtime/**/*.test.ts", "test/cluster/**/*.test.ts"]
      : [],
    passWithNoTests: true,
    globalSetup: KUBEBUILDER_ASSETS ? ["test/cluster/setup.ts"] : [],
    experimental: { viteModuleRunner: false },
    reporters: ["default", "./test/counts-reporter.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
