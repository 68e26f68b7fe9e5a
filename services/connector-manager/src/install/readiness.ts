import { type Condition, findCondition, type KubeObject } from "@application-connector/kube";

/** A Deployment as far as its progress tells. */
export interface Workload extends KubeObject {
  spec?: { replicas?: number; template?: { spec?: { containers?: { name: string; image?: string }[] } } };
  status?: {
    observedGeneration?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    conditions?: Condition[];
  };
}

export type Progress = "Ready" | "Progressing" | "Unavailable" | "Stalled";

/**
 * How far a Deployment is. One without replicas is ready: nothing would ever say so. Its controller may not have seen what
 * it should be by now; one that never wrote a status is measured by its conditions alone.
 */
export function progressOf({ metadata, spec, status = {} }: Workload): Progress {
  if (spec?.replicas === 0) return "Ready";
  const { observedGeneration = 0, conditions } = status;
  const progressing = findCondition(conditions, "Progressing");
  const isBehind = observedGeneration > 0 && observedGeneration < (metadata.generation ?? 0);
  if (!isBehind && progressing?.status === "False" && progressing.reason === "ProgressDeadlineExceeded")
    return "Stalled";
  if (isBehind) return "Progressing";
  const available = findCondition(conditions, "Available");
  if (available?.status === "True") return "Ready";
  return available?.status === "False" ? "Unavailable" : "Progressing";
}

/** Ready, and no pod of before is left. */
export function isRolledOut(workload: Workload): boolean {
  const { spec, status = {} } = workload;
  if (progressOf(workload) !== "Ready") return false;
  return status.updatedReplicas === undefined || status.updatedReplicas >= (spec?.replicas ?? 1);
}

/** Its controller looked at it once: a first installation is over. */
export const wasObserved = ({ status }: Workload): boolean => (status?.observedGeneration ?? 0) > 0;

interface ServiceObject extends KubeObject {
  spec?: { type?: string; clusterIP?: string; externalIPs?: string[] };
  status?: { loadBalancer?: { ingress?: unknown[] } };
}

/** Whether a Service can be reached as its type promises. */
export function isServiceReady({ spec = {}, status }: ServiceObject): boolean {
  if (spec.type === "ExternalName") return true;
  if (!spec.clusterIP) return false;
  if (spec.type !== "LoadBalancer") return true;
  return (spec.externalIPs?.length ?? 0) > 0 || (status?.loadBalancer?.ingress?.length ?? 0) > 0;
}

/** Whether an object that was applied does its work; undefined when its kind has nothing to wait for. */
export function isObjectReady(object: KubeObject): boolean | undefined {
  switch (object.kind) {
    case "Deployment":
      return progressOf(object as Workload) === "Ready";
    case "Service":
      return isServiceReady(object as ServiceObject);
    case "CustomResourceDefinition":
      return findCondition((object as Workload).status?.conditions, "Established")?.status === "True";
    default:
      return undefined;
  }
}
