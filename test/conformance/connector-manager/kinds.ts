import type { KubeObject, Resource } from "@application-connector/kube";

const row = (group: string, version: string, kind: string, plural: string, namespaced = true): Resource<Any> => ({
  group,
  version,
  kind,
  plural,
  namespaced,
});

/** Whatever the wire shows: tests look into objects of many kinds. */
export interface Any extends KubeObject {
  // biome-ignore lint/suspicious/noExplicitAny: tests look into objects of many kinds
  [field: string]: any;
}

/** The kinds that the suites look at. */
export const kinds = {
  configMap: row("", "v1", "ConfigMap", "configmaps"),
  event: row("", "v1", "Event", "events"),
  namespace: row("", "v1", "Namespace", "namespaces", false),
  secret: row("", "v1", "Secret", "secrets"),
  service: row("", "v1", "Service", "services"),
  serviceAccount: row("", "v1", "ServiceAccount", "serviceaccounts"),
  pod: row("", "v1", "Pod", "pods"),
  deployment: row("apps", "v1", "Deployment", "deployments"),
  replicaSet: row("apps", "v1", "ReplicaSet", "replicasets"),
  hpa: row("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
  pdb: row("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets"),
  networkPolicy: row("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies"),
  clusterRole: row("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false),
  clusterRoleBinding: row("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", false),
  role: row("rbac.authorization.k8s.io", "v1", "Role", "roles"),
  roleBinding: row("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings"),
  priorityClass: row("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", false),
  lease: row("coordination.k8s.io", "v1", "Lease", "leases"),
  definition: row("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false),
  connector: row("operator.kyma-project.io", "v1alpha1", "ApplicationConnector", "applicationconnectors"),
  application: row("applicationconnector.kyma-project.io", "v1alpha1", "Application", "applications", false),
  connection: row("compass.kyma-project.io", "v1alpha1", "CompassConnection", "compassconnections", false),
  istioGateway: row("networking.istio.io", "v1", "Gateway", "gateways"),
  virtualService: row("networking.istio.io", "v1", "VirtualService", "virtualservices"),
  gatewayOfApi: row("gateway.networking.k8s.io", "v1", "Gateway", "gateways"),
  httpRoute: row("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes"),
} as const;

export type KindName = keyof typeof kinds;

/** What the suites call the kind of an object; of two that share a name, Istio's. */
export function kindOf(kind = ""): KindName {
  const found = Object.entries(kinds).find(([, resource]) => resource.kind === kind);
  if (found === undefined) throw new Error(`the suites do not know ${kind}`);
  return found[0] as KindName;
}
