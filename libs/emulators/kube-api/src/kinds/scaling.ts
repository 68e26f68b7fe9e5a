import { fieldsAt } from "../json.ts";
import type { Behaviour } from "./kind.ts";

const cpu = { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } };

export const horizontalPodAutoscaler: Behaviour = {
  initialStatus: () => ({ desiredReplicas: 0, currentMetrics: null }),
  defaults(object) {
    const spec = fieldsAt(object, "spec");
    if (!spec) return;
    spec["minReplicas"] ??= 1;
    const metrics = spec["metrics"];
    if (!Array.isArray(metrics) || metrics.length === 0) spec["metrics"] = [structuredClone(cpu)];
  },
};

export const podDisruptionBudget: Behaviour = {
  generation: true,
  unconditionalUpdate: false,
  initialStatus: () => ({ currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 }),
};

export const priorityClass: Behaviour = {
  generation: true,
  defaults(object) {
    object["preemptionPolicy"] ??= "PreemptLowerPriority";
  },
};

/** Old and new fields of events live side by side; the empty ones are there too. */
export const event: Behaviour = {
  createOnUpdate: true,
  selectable: [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type",
  ],
  prepare(object) {
    for (const field of ["eventTime", "firstTimestamp", "lastTimestamp"]) object[field] ??= null;
    for (const field of ["reportingComponent", "reportingInstance"]) object[field] ??= "";
  },
};
