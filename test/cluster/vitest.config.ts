import { defineConfig } from "vitest/config";

const { KUBEBUILDER_ASSETS, TEST_KUBECONFIG, TEST_LONG } = process.env;
const onAnyCluster = "test/conformance/kubernetes-runtime/**/*.test.ts";
/** They start, kill or compare API servers, or leave their marks all over the cluster. */
const onOwnControlPlane = [
  "test/conformance/kubernetes-runtime/restart.test.ts",
  "test/conformance/connector-manager/**/*.test.ts",
  "test/cluster/**/*.test.ts",
  "test/e2e/whole-product.test.ts",
];

if (TEST_KUBECONFIG) {
  console.log(`skipped: what needs a control plane of its own; ${TEST_KUBECONFIG} names one that others use`);
} else if (!KUBEBUILDER_ASSETS) {
  console.log(
    "skipped: KUBEBUILDER_ASSETS does not name a folder with kube-apiserver and etcd, nor TEST_KUBECONFIG a cluster",
  );
}

/** What takes many minutes is run on a real API server when somebody asks for it. */
const long = TEST_LONG ? [] : ["**/*.long.test.ts"];

/** The suites that must hold on a real API server, run against one. */
export default defineConfig({
  test: {
    include: TEST_KUBECONFIG ? [onAnyCluster] : KUBEBUILDER_ASSETS ? [onAnyCluster, ...onOwnControlPlane] : [],
    exclude: TEST_KUBECONFIG ? [...long, ...onOwnControlPlane] : long,
    passWithNoTests: true,
    globalSetup: TEST_KUBECONFIG || KUBEBUILDER_ASSETS ? ["test/cluster/setup.ts"] : [],
    experimental: { viteModuleRunner: false },
    reporters: ["default", "./test/counts-reporter.ts"],
    // Nearly all of their time is waiting for a control plane.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
