import type { KubeObject, Resource } from "@application-connector/kube";

const inNamespaces = true;
const ofTheCluster = false;

/** Every kind that managed objects have, or had in releases before: where it lives. */
const kinds: readonly (readonly [group: string, kind: string, plural: string, namespaced: boolean])[] = [
  ["", "ConfigMap", "configmaps", inNamespaces],
  ["", "Service", "services", inNamespaces],
  ["", "ServiceAccount", "serviceaccounts", inNamespaces],
  ["admissionregistration.k8s.io", "ValidatingAdmissionPolicy", "validatingadmissionpolicies", ofTheCluster],
  [
    "admissionregistration.k8s.io",
    "ValidatingAdmissionPolicyBinding",
    "validatingadmissionpolicybindings",
    ofTheCluster,
  ],
  ["apiextensions.k8s.io", "CustomResourceDefinition", "customresourcedefinitions", ofTheCluster],
  ["apps", "Deployment", "deployments", inNamespaces],
  ["autoscaling", "HorizontalPodAutoscaler", "horizontalpodautoscalers", inNamespaces],
  ["networking.k8s.io", "NetworkPolicy", "networkpolicies", inNamespaces],
  ["policy", "PodDisruptionBudget", "poddisruptionbudgets", inNamespaces],
  ["rbac.authorization.k8s.io", "ClusterRole", "clusterroles", ofTheCluster],
  ["rbac.authorization.k8s.io", "ClusterRoleBinding", "clusterrolebindings", ofTheCluster],
  ["rbac.authorization.k8s.io", "Role", "roles", inNamespaces],
  ["rbac.authorization.k8s.io", "RoleBinding", "rolebindings", inNamespaces],
  ["scheduling.k8s.io", "PriorityClass", "priorityclasses", ofTheCluster],
  ["networking.istio.io", "Gateway", "gateways", inNamespaces],
  ["networking.istio.io", "VirtualService", "virtualservices", inNamespaces],
  ["security.istio.io", "PeerAuthentication", "peerauthentications", inNamespaces],
  ["security.istio.io", "AuthorizationPolicy", "authorizationpolicies", inNamespaces],
  ["gateway.networking.k8s.io", "Gateway", "gateways", inNamespaces],
  ["gateway.networking.k8s.io", "HTTPRoute", "httproutes", inNamespaces],
];

/** The versions in which kinds that every cluster has are written. */
const builtInVersions: Readonly<Record<string, string>> = {
  "": "v1",
  "admissionregistration.k8s.io": "v1",
  "apiextensions.k8s.io": "v1",
  apps: "v1",
  autoscaling: "v2",
  "networking.k8s.io": "v1",
  policy: "v1",
  "rbac.authorization.k8s.io": "v1",
  "scheduling.k8s.io": "v1",
};

/**
 * Where an object that is to be applied lives.
 *
 * @throws {Error} for a kind that is not in the table
 */
export function resourceOf({ apiVersion = "", kind = "" }: KubeObject): Resource<KubeObject> {
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  const row = kinds.find(([ofGroup, name]) => ofGroup === group && name === kind);
  if (row === undefined) throw new Error(`${apiVersion} ${kind} is no kind that is installed`);
  return { group, version, kind, plural: row[2], namespaced: row[3] };
}

/**
 * All kinds of the table. `versionOf` says in which version those that a cluster need not have are served; what is not
 * served has no objects in any.
 */
export function knownKinds(versionOf: (group: string, plural: string) => string | undefined): Resource<KubeObject>[] {
  return kinds.map(([group, kind, plural, namespaced]) => {
    const version = builtInVersions[group] ?? versionOf(group, plural) ?? "v1";
    return { group, version, kind, plural, namespaced };
  });
}

/** Kinds that a cluster need not have, as their definitions are called. */
export const foreignDefinitions: readonly string[] = kinds
  .filter(([group]) => builtInVersions[group] === undefined)
  .map(([group, , plural]) => `${plural}.${group}`);
