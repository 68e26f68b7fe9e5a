/** What others need comes first. Kinds that are not named, custom ones among them, come last. */
const order = [
  "Namespace",
  "CustomResourceDefinition",
  "PriorityClass",
  "NetworkPolicy",
  "ResourceQuota",
  "LimitRange",
  "PodDisruptionBudget",
  "ServiceAccount",
  "Secret",
  "ConfigMap",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "ClusterRole",
  "ClusterRoleBinding",
  "Role",
  "RoleBinding",
  "Service",
  "DaemonSet",
  "Pod",
  "ReplicaSet",
  "Deployment",
  "StatefulSet",
  "HorizontalPodAutoscaler",
  "Job",
  "CronJob",
  "Ingress",
];

const weights = new Map(order.map((kind, index) => [kind, index]));

/** Kinds of less weight are applied before and pruned after those of more. */
export const kindWeight = (kind: string): number => weights.get(kind) ?? order.length;
