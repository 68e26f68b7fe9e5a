import type { TestProject } from "vitest/node";
import { limitedUser } from "../conformance/kubernetes-runtime/servers.ts";
import { startControlPlane } from "./control-plane.ts";
import { connectCluster } from "./existing-cluster.ts";

/** One API server for all suites of a run: an existing one, or one that is started. Each test has namespaces of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { TEST_KUBECONFIG, KUBEBUILDER_ASSETS = "" } = process.env;
  if (TEST_KUBECONFIG) {
    const { stop, ...shared } = await connectCluster(TEST_KUBECONFIG);
    project.provide("controlPlane", shared);
    return stop;
  }
  const plane = await startControlPlane(KUBEBUILDER_ASSETS, [limitedUser]);
  const { url, ca, adminToken } = plane;
  project.provide("controlPlane", { url, ca, adminToken, limitedUser });
  return () => plane.stop();
}
