import { applications, compassconnections } from "@application-connector/crds";
import type { Leftover } from "@application-connector/kube";

/** What goes first: doors, what would make new pods, pods, and so on; definitions, with all their objects, at last. */
const stages: readonly (readonly string[])[] = [
  ["VirtualService", "HTTPRoute", "Gateway", "AuthorizationPolicy", "PeerAuthentication"],
  ["HorizontalPodAutoscaler", "PodDisruptionBudget"],
  ["Deployment"],
  ["Service"],
  ["ClusterRoleBinding", "RoleBinding", "ClusterRole", "Role", "ServiceAccount"],
  ["NetworkPolicy", "ConfigMap", "PriorityClass", "ValidatingAdmissionPolicyBinding", "ValidatingAdmissionPolicy"],
];

const definitions = "CustomResourceDefinition";
/** Of any other, as a later release may have, nobody has looked whether it has objects. */
const known = new Set([applications, compassconnections].map(({ plural, group }) => `${plural}.${group}`));

/**
 * The objects to remove, in the order in which they go. Definitions are apart: they take what users wrote with them. One
 * that this release does not know stays.
 */
export function removalStages(objects: readonly Leftover[]): { stages: Leftover[][]; definitions: Leftover[] } {
  const byStage = Map.groupBy(objects, ({ resource }) => stages.findIndex((kinds) => kinds.includes(resource.kind)));
  const rest = (byStage.get(-1) ?? []).filter(({ resource }) => resource.kind !== definitions);
  const inOrder = [...stages.map((_, index) => byStage.get(index) ?? []), rest];
  return {
    stages: inOrder.filter((stage) => stage.length > 0),
    definitions: objects.filter(
      ({ resource, object }) => resource.kind === definitions && known.has(object.metadata.name),
    ),
  };
}
