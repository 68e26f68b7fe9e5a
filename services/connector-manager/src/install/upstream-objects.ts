import type { KubeObject } from "@application-connector/kube";
import { agentName, gatewayName, managedByLabel, moduleNamespace, validatorName } from "../names.ts";

const rbac = "rbac.authorization.k8s.io/v1";
const networking = "networking.k8s.io/v1";

const named = (apiVersion: string, kind: string, namespace: string | undefined, ...names: string[]): KubeObject[] =>
  names.map((name) => ({
    apiVersion,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  }));

const policies = [
  "compass-allow-from-health-check",
  "gateway-allow-from-cluster-workload",
  "gateway-allow-from-health-check",
  "gateway-allow-to-external-system",
  "module-allow-metrics",
  "module-allow-to-external-system",
  "module-allow-to-sidecar",
  "module-to-api-server",
  "module-to-dns",
  "validator-allow-from-health-check",
  "validator-allow-from-istio-ingressgateway",
  "validator-allow-to-eventing",
  "module-allow-from-sidecar",
].map((suffix) => `kyma-project.io--acm-${suffix}`);

/**
 * What upstream's releases up to 1.2.0 installed: they kept no list of it in the cluster. Its definitions are not among it,
 * because every release has them, nor are the objects of its own chart.
 */
export const upstreamObjects: readonly KubeObject[] = [
  ...named("v1", "ServiceAccount", moduleNamespace, validatorName, gatewayName, agentName),
  ...named(rbac, "ClusterRole", undefined, `${validatorName}-role`, `${gatewayName}-role`, agentName),
  ...named(rbac, "ClusterRole", undefined, "application-connector-application-connector"),
  ...named(
    rbac,
    "ClusterRoleBinding",
    undefined,
    `${validatorName}-rolebinding`,
    `${gatewayName}-rolebinding`,
    agentName,
  ),
  ...named(rbac, "ClusterRoleBinding", undefined, "application-connector-application-connector"),
  ...named("v1", "Service", moduleNamespace, validatorName, gatewayName),
  ...named(
    "scheduling.k8s.io/v1",
    "PriorityClass",
    undefined,
    ...[gatewayName, validatorName, agentName].map((name) => `${name}-priority-class`),
  ),
  ...named("apps/v1", "Deployment", moduleNamespace, validatorName, gatewayName, agentName),
  ...named("autoscaling/v2", "HorizontalPodAutoscaler", moduleNamespace, validatorName, gatewayName),
  ...named("v1", "ConfigMap", moduleNamespace, "skr-configmap"),
  ...named(rbac, "Role", moduleNamespace, agentName, `${agentName}-client-cert-role`),
  ...named(rbac, "RoleBinding", moduleNamespace, agentName, `${agentName}-client-cert-rolebinding`),
  ...named(rbac, "Role", "istio-system", `${agentName}-ca-cert-role`),
  ...named(rbac, "RoleBinding", "istio-system", `${agentName}-ca-cert-rolebinding`),
  ...named("networking.istio.io/v1beta1", "Gateway", moduleNamespace, "kyma-gateway-application-connector"),
  ...named("networking.istio.io/v1beta1", "VirtualService", moduleNamespace, validatorName),
  ...named(networking, "NetworkPolicy", moduleNamespace, ...policies),
];

/** The object was written by upstream's manager, or by this one: a namesake of somebody else is none of ours. */
export function isOurs({ metadata: { labels = {}, managedFields = [] } }: KubeObject): boolean {
  return (
    labels[managedByLabel.name] === managedByLabel.value ||
    managedFields.some(({ manager, subresource }) => manager === managedByLabel.value && !subresource)
  );
}
