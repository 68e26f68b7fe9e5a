import { readFileSync } from "node:fs";
import path from "node:path";
import { chart, findHelm, helmObjects } from "@application-connector/connector-manager/chart";
import type { KubeObject, Resource } from "@application-connector/kube";
import type { Any } from "../../conformance/connector-manager/kinds.ts";
import { moduleNamespace, type World } from "../../conformance/connector-manager/world.ts";

const account = "application-connector-controller-manager";
const rbac = "rbac.authorization.k8s.io";
const values = { ingress: { mode: "BuiltIn" }, manager: { replicas: 1 } };

/** Installs what the chart has of the manager, with the rights that it ships; returns the Deployment. */
export async function installManager(world: World): Promise<Any> {
  const helm = findHelm();
  const objects = helm === undefined ? withoutHelm() : ((await helmObjects(helm, values)) as Any[]);
  const kinds = ["ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "PriorityClass"];
  const deployment = objects.find(({ kind }) => kind === "Deployment");
  if (deployment === undefined) throw new Error("the chart has no Deployment of the manager");
  for (const object of objects.filter(({ kind = "" }) => kinds.includes(kind))) {
    await world.client.apply(resourceOf(object), object, { fieldManager: "helm" });
  }
  return deployment;
}

function resourceOf({ apiVersion = "", kind = "" }: KubeObject): Resource<KubeObject> {
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  const plural = `${kind.toLowerCase()}${kind.endsWith("s") ? "es" : "s"}`;
  return { group, version, kind, plural, namespaced: !kind.startsWith("Cluster") && kind !== "PriorityClass" };
}

/** The same rights from the file that the chart renders them from, and the flags that matter. */
function withoutHelm(): Any[] {
  const text = readFileSync(path.join(chart, "files/manager-rules.json"), "utf8")
    .replaceAll("@{namespace}", moduleNamespace)
    .replaceAll("@{ingress.credentialName}", "kyma-gateway-certs");
  const { cluster, namespaces } = JSON.parse(text) as { cluster: object[]; namespaces: Record<string, object[]> };
  const own = [
    { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] },
    { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  ];
  const roles = { ...namespaces, [moduleNamespace]: [...(namespaces[moduleNamespace] ?? []), ...own] };
  const container = {
    name: "manager",
    image: "application-connector/connector-manager:test",
    args: ["--leader-elect", "--metrics-bind-address=:8080", "--health-probe-bind-address=:8081", "--webhook-port=0"],
    ports: [
      { name: "http-metrics", containerPort: 8080 },
      { name: "http-health", containerPort: 8081 },
    ],
    readinessProbe: { httpGet: { path: "/readyz", port: 8081 } },
  };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: account, namespace: moduleNamespace } },
    ...granted(undefined, cluster),
    ...Object.entries(roles)
      .filter(([namespace]) => namespace !== "istio-system")
      .flatMap(([namespace, rules]) => granted(namespace, rules)),
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: account, namespace: moduleNamespace },
      spec: { template: { spec: { serviceAccountName: account, containers: [container] } } },
    },
  ];
}

function granted(namespace: string | undefined, rules: readonly object[]): Any[] {
  const name = "application-connector-manager-role";
  const kind = namespace === undefined ? "ClusterRole" : "Role";
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  const apiVersion = `${rbac}/v1`;
  const subjects = [{ kind: "ServiceAccount", name: account, namespace: moduleNamespace }];
  return [
    { apiVersion, kind, metadata, rules },
    { apiVersion, kind: `${kind}Binding`, metadata, roleRef: { apiGroup: rbac, kind, name }, subjects },
  ];
}
