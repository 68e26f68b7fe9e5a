import type { KubeObject } from "./objects.ts";
import type { Cluster } from "./operations/cluster.ts";
import { create } from "./operations/create.ts";

const rbac = "rbac.authorization.k8s.io/v1";
const discovery = [
  "/api",
  "/api/*",
  "/apis",
  "/apis/*",
  "/healthz",
  "/livez",
  "/openapi",
  "/openapi/*",
  "/readyz",
  "/version",
  "/version/",
];
const open = ["/healthz", "/livez", "/readyz", "/version", "/version/"];

const namespace = (name: string): KubeObject => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });

function clusterRole(name: string, rules: object[]): KubeObject {
  return {
    apiVersion: rbac,
    kind: "ClusterRole",
    metadata: { name, labels: { "kubernetes.io/bootstrapping": "rbac-defaults" } },
    rules,
  };
}

function binding(name: string, groups: string[]): KubeObject {
  return {
    apiVersion: rbac,
    kind: "ClusterRoleBinding",
    metadata: { name, labels: { "kubernetes.io/bootstrapping": "rbac-defaults" } },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
    subjects: groups.map((group) => ({ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: group })),
  };
}

const resourceRule = (apiGroups: string[], resources: string[], verbs: string[]) => ({ apiGroups, resources, verbs });
const readVerbs = ["get", "list", "watch"];
const writeVerbs = ["create", "delete", "deletecollection", "patch", "update"];
const workloadGroups = ["", "apps", "autoscaling", "batch", "networking.k8s.io", "policy", "discovery.k8s.io"];
const nonSecret = [
  "configmaps",
  "endpoints",
  "events",
  "limitranges",
  "namespaces",
  "persistentvolumeclaims",
  "pods",
  "resourcequotas",
  "serviceaccounts",
  "services",
  "daemonsets",
  "deployments",
  "deployments/scale",
  "replicasets",
  "replicasets/scale",
  "statefulsets",
  "statefulsets/scale",
  "horizontalpodautoscalers",
  "cronjobs",
  "jobs",
  "ingresses",
  "networkpolicies",
  "poddisruptionbudgets",
  "endpointslices",
];

/** What a new cluster contains: its namespaces and the default roles that everybody relies on. */
export function bootstrap(cluster: Cluster): void {
  const objects = [
    ...["default", "kube-system", "kube-public", "kube-node-lease"].map(namespace),
    clusterRole("cluster-admin", [resourceRule(["*"], ["*"], ["*"]), { nonResourceURLs: ["*"], verbs: ["*"] }]),
    clusterRole("system:discovery", [{ nonResourceURLs: discovery, verbs: ["get"] }]),
    clusterRole("system:public-info-viewer", [{ nonResourceURLs: open, verbs: ["get"] }]),
    clusterRole("system:basic-user", [
      resourceRule(["authorization.k8s.io"], ["selfsubjectaccessreviews", "selfsubjectrulesreviews"], ["create"]),
      resourceRule(["authentication.k8s.io"], ["selfsubjectreviews"], ["create"]),
    ]),
    clusterRole("system:auth-delegator", [
      resourceRule(["authentication.k8s.io"], ["tokenreviews"], ["create"]),
      resourceRule(["authorization.k8s.io"], ["subjectaccessreviews"], ["create"]),
    ]),
    clusterRole("view", [resourceRule(workloadGroups, nonSecret, readVerbs)]),
    clusterRole("edit", [
      resourceRule(
        workloadGroups,
        nonSecret.filter((name) => !["namespaces", "limitranges", "resourcequotas"].includes(name)),
        [...readVerbs, ...writeVerbs],
      ),
      resourceRule([""], ["secrets"], [...readVerbs, ...writeVerbs]),
    ]),
    clusterRole("admin", [
      resourceRule(workloadGroups, [...nonSecret, "secrets"], [...readVerbs, ...writeVerbs]),
      resourceRule(["rbac.authorization.k8s.io"], ["roles", "rolebindings"], [...readVerbs, ...writeVerbs]),
    ]),
    binding("cluster-admin", ["system:masters"]),
    binding("system:discovery", ["system:authenticated"]),
    binding("system:basic-user", ["system:authenticated"]),
    binding("system:public-info-viewer", ["system:authenticated", "system:unauthenticated"]),
  ];
  for (const object of objects) {
    const kind = cluster.kinds.ofObject(object.apiVersion, object.kind);
    if (kind) create(cluster, kind, "", object, { manager: "kube-apiserver" });
  }
}
