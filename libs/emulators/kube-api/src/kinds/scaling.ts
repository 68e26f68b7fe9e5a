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
