import { configMap, secret } from "./config.ts";
import { customResourceDefinition } from "./crd.ts";
import { event, newEvent } from "./events.ts";
import type { Behaviour } from "./kind.ts";
import { lease } from "./lease.ts";
import { namespace } from "./namespace.ts";
import { networkPolicy, service } from "./network.ts";
import { role, roleBinding } from "./rbac.ts";
import { horizontalPodAutoscaler, podDisruptionBudget, priorityClass } from "./scaling.ts";
import { deployment, job, pod, replicaSet, statefulSet } from "./workloads.ts";

const counted: Behaviour = { generation: true };
const countedAndLocked: Behaviour = { generation: true, unconditionalUpdate: false };
const createdByUpdate: Behaviour = { createOnUpdate: true };

/** What is special about each built-in kind, by collection. */
export const behaviours: Readonly<Record<string, Behaviour>> = {
  "/configmaps": configMap,
  "/endpoints": createdByUpdate,
  "/events": event,
  "events.k8s.io/events": newEvent,
  "/limitranges": createdByUpdate,
  "coordination.k8s.io/leases": lease,
  "/pods": pod,
  "/services": service,
  "autoscaling/horizontalpodautoscalers": horizontalPodAutoscaler,
  "scheduling.k8s.io/priorityclasses": priorityClass,
  "admissionregistration.k8s.io/mutatingwebhookconfigurations": countedAndLocked,
  "admissionregistration.k8s.io/validatingwebhookconfigurations": countedAndLocked,
  "/namespaces": namespace,
  "/secrets": secret,
  "apps/daemonsets": counted,
  "apps/deployments": deployment,
  "apps/replicasets": replicaSet,
  "apps/statefulsets": statefulSet,
  "batch/cronjobs": counted,
  "batch/jobs": job,
  "apiextensions.k8s.io/customresourcedefinitions": customResourceDefinition,
  "networking.k8s.io/ingresses": counted,
  "networking.k8s.io/networkpolicies": networkPolicy,
  "policy/poddisruptionbudgets": podDisruptionBudget,
  "rbac.authorization.k8s.io/clusterroles": role,
  "rbac.authorization.k8s.io/clusterrolebindings": roleBinding,
  "rbac.authorization.k8s.io/roles": role,
  "rbac.authorization.k8s.io/rolebindings": roleBinding,
};
