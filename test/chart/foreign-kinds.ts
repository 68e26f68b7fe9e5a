/** Definitions of kinds that others install, that take any object: what the API server needs to store them. */
export const foreignKinds: readonly object[] = [
  definition("networking.istio.io", "Gateway", "gateways", ["v1", "v1beta1"]),
  definition("networking.istio.io", "VirtualService", "virtualservices", ["v1", "v1beta1"]),
  definition("security.istio.io", "PeerAuthentication", "peerauthentications", ["v1", "v1beta1"]),
  definition("security.istio.io", "AuthorizationPolicy", "authorizationpolicies", ["v1", "v1beta1"]),
  // The group's name asks for an approval, which Kubernetes' own SIGs give.
  definition("gateway.networking.k8s.io", "Gateway", "gateways", ["v1"]),
  definition("gateway.networking.k8s.io", "HTTPRoute", "httproutes", ["v1"]),
  definition("monitoring.coreos.com", "ServiceMonitor", "servicemonitors", ["v1"]),
  definition("monitoring.coreos.com", "PodMonitor", "podmonitors", ["v1"]),
  definition("monitoring.coreos.com", "PrometheusRule", "prometheusrules", ["v1"]),
];

function definition(group: string, kind: string, plural: string, versions: readonly string[]): object {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.${group}`,
      annotations: { "api-approved.kubernetes.io": "unapproved, for tests" },
    },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      versions: versions.map((name, index) => ({
        name,
        served: true,
        storage: index === 0,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      })),
    },
  };
}
