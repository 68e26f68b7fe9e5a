import type { Any } from "./kinds.ts";

const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };

/** A definition of somebody else, which takes any object. */
export const foreignDefinition = (group: string, kind: string, plural: string, versions: readonly string[]): Any => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: {
    name: `${plural}.${group}`,
    // Of a group of Kubernetes itself the server wants to know that somebody agreed.
    annotations: { "api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/gateway-api/pull/2466" },
  },
  spec: {
    group,
    scope: "Namespaced",
    names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
    versions: versions.map((name, index) => ({ name, served: true, storage: index === versions.length - 1, schema })),
  },
});

const both = ["v1beta1", "v1"];

export const istioGateways = (versions = both) =>
  foreignDefinition("networking.istio.io", "Gateway", "gateways", versions);
export const virtualServices = (versions = both) =>
  foreignDefinition("networking.istio.io", "VirtualService", "virtualservices", versions);
export const istio = (versions?: readonly string[]) => [
  istioGateways(versions && [...versions]),
  virtualServices(versions && [...versions]),
];

export const gatewayApi = () => [
  foreignDefinition("gateway.networking.k8s.io", "Gateway", "gateways", ["v1"]),
  foreignDefinition("gateway.networking.k8s.io", "HTTPRoute", "httproutes", ["v1"]),
];
