import type { TestProject } from "vitest/node";
import { limitedUser } from "../conformance/kubernetes-runtime/servers.ts";
import { startControlPlane } from "./control-plane.ts";

/** One control plane for all suites of a run; each test has a namespace of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const plane = await startControlPlane(process.env["KUBEBUILDER_ASSETS"] ?? "", [limitedUser]);
  const { url, ca, adminToken } = plane;
  project.provide("controlPlane", { url, ca, adminToken, kubeconfig: plane.kubeconfig() });
  return () => plane.stop();
}
