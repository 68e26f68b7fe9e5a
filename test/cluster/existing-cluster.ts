import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import {
  type Client,
  createClient,
  type KubeObject,
  loadCluster,
  namespaces,
  type Resource,
  serviceAccounts,
} from "@application-connector/kube";
import type { SharedControlPlane } from "../conformance/kubernetes-runtime/servers.ts";

const hoursOfARun = 4;

const bindings: Resource<KubeObject & Record<string, unknown>> = {
  group: "rbac.authorization.k8s.io",
  version: "v1",
  plural: "clusterrolebindings",
  kind: "ClusterRoleBinding",
  namespaced: false,
};

/**
 * A cluster that somebody else runs, as the suites need it: with bearer tokens of an administrator and of a user without
 * rights, two ServiceAccounts in a namespace of their own. Each test makes further namespaces, called `kr-…`, and
 * definitions of kinds in groups of that name, and removes them.
 *
 * @param kubeconfig path of a kubeconfig whose user may do everything
 */
export async function connectCluster(kubeconfig: string): Promise<SharedControlPlane & { stop(): Promise<void> }> {
  const cluster = loadCluster({ kubeconfig });
  const ca = await certificateOf(kubeconfig, cluster.load().cluster);
  const client = createClient(cluster);
  const name = `application-connector-test-${randomBytes(4).toString("hex")}`;
  await client.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  const stop = async (): Promise<void> => {
    await client.delete(bindings, { name }).catch(() => {});
    await client.delete(namespaces, { name }).catch(() => {});
    await client.stop();
  };
  try {
    const adminToken = await tokenOf(client, name, "admin");
    await client.create(bindings, {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", namespace: name, name: "admin" }],
    });
    const limited = { token: await tokenOf(client, name, "limited"), name: `system:serviceaccount:${name}:limited` };
    return { url: cluster.server, ca, adminToken, limitedUser: limited, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function tokenOf(client: Client, namespace: string, name: string): Promise<string> {
  const metadata = { name, namespace };
  await client.create(serviceAccounts, { apiVersion: "v1", kind: "ServiceAccount", metadata });
  const { body } = await client.send<{ status: { token: string } }>({
    verb: "create",
    method: "POST",
    resource: serviceAccounts,
    target: { ...metadata, subresource: "token" },
    body: {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds: hoursOfARun * 3_600 },
    },
  });
  return body.status.token;
}

async function certificateOf(kubeconfig: string, { caData, caFile }: { caData?: string; caFile?: string }) {
  if (caData) return Buffer.from(caData, "base64").toString();
  if (caFile) return await readFile(caFile, "utf8");
  throw new Error(
    `${kubeconfig}: the cluster needs certificate-authority-data, because the suites verify its certificate`,
  );
}
