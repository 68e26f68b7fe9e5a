import { type Fields, fieldsAt, valueAt } from "../json.ts";
import type { KubeObject } from "../objects.ts";
import { age } from "./age.ts";
import type { Cells } from "./built-in-cells.ts";

const aged = ({ metadata }: KubeObject, now: number) => age(metadata.creationTimestamp, now);
const number = (object: unknown, ...path: string[]): number => Number(valueAt(object, ...path) ?? 0);

function containers(object: KubeObject): Fields[] {
  const found = valueAt(object, "spec", "template", "spec", "containers");
  return Array.isArray(found) ? (found as Fields[]) : [];
}

const names = (object: KubeObject) =>
  containers(object)
    .map((container) => container["name"])
    .join(",");
const images = (object: KubeObject) =>
  containers(object)
    .map((container) => container["image"])
    .join(",");

function selector(object: KubeObject): string {
  const labels = fieldsAt(object, "spec", "selector", "matchLabels") ?? {};
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(",");
}

function deployment(object: KubeObject, now: number): unknown[] {
  return [
    object.metadata.name,
    `${number(object, "status", "readyReplicas")}/${number(object, "spec", "replicas")}`,
    number(object, "status", "updatedReplicas"),
    number(object, "status", "availableReplicas"),
    aged(object, now),
    names(object),
    images(object),
    selector(object),
  ];
}

function replicaSet(object: KubeObject, now: number): unknown[] {
  return [
    object.metadata.name,
    number(object, "spec", "replicas"),
    number(object, "status", "replicas"),
    number(object, "status", "readyReplicas"),
    aged(object, now),
    names(object),
    images(object),
    selector(object),
  ];
}

function pod(object: KubeObject, now: number): unknown[] {
  const statuses = (valueAt(object, "status", "containerStatuses") ?? []) as Fields[];
  const total = ((valueAt(object, "spec", "containers") ?? []) as unknown[]).length;
  const ready = statuses.filter((status) => status["ready"] === true).length;
  const restarts = statuses.reduce((sum, status) => sum + Number(status["restartCount"] ?? 0), 0);
  const phase = object.metadata.deletionTimestamp ? "Terminating" : (valueAt(object, "status", "phase") ?? "");
  const text = (value: unknown) => (value ? String(value) : "<none>");
  return [
    object.metadata.name,
    `${ready}/${total}`,
    valueAt(object, "status", "reason") ?? phase,
    String(restarts),
    aged(object, now),
    text(valueAt(object, "status", "podIP")),
    text(valueAt(object, "spec", "nodeName")),
    text(valueAt(object, "status", "nominatedNodeName")),
    "<none>",
  ];
}

function autoscaler(object: KubeObject, now: number): unknown[] {
  const target = fieldsAt(object, "spec", "scaleTargetRef") ?? {};
  const metrics = (valueAt(object, "spec", "metrics") ?? []) as Fields[];
  const shown = metrics.map((metric) => {
    const utilization = valueAt(metric, "resource", "target", "averageUtilization");
    const name = valueAt(metric, "resource", "name");
    return utilization === undefined ? "<unknown>" : `${name}: <unknown>/${utilization}%`;
  });
  return [
    object.metadata.name,
    `${target["kind"]}/${target["name"]}`,
    shown.join(", ") || "<none>",
    String(valueAt(object, "spec", "minReplicas") ?? "<unset>"),
    number(object, "spec", "maxReplicas"),
    number(object, "status", "currentReplicas"),
    aged(object, now),
  ];
}

export const workloadCells: Readonly<Record<string, Cells>> = {
  "/pods": pod,
  "apps/deployments": deployment,
  "apps/replicasets": replicaSet,
  "autoscaling/horizontalpodautoscalers": autoscaler,
};
