import { Counter, type Registry } from "prom-client";

/** `suppressed`: no call was needed. `unchanged`: there was one, which changed nothing. */
export type ApplyResult = "written" | "unchanged" | "suppressed" | "conflict" | "failed";

/** Why an event never reached the server. */
export type EventLoss = "budget" | "queue" | "failed" | "refused" | "stopped" | "malformed";

/** What writers and controllers count, or nothing when there is no registry. */
export interface ControllerMetrics {
  applied(kind: string, result: ApplyResult): void;
  eventWritten(type: string): void;
  eventDropped(loss: EventLoss): void;
}

const nothing = (): void => {};

export const noControllerMetrics: ControllerMetrics = {
  applied: nothing,
  eventWritten: nothing,
  eventDropped: nothing,
};

export function createControllerMetrics(registry: Registry): ControllerMetrics {
  const counter = (name: string, help: string, labelNames: string[]): Counter =>
    (registry.getSingleMetric(name) as Counter | undefined) ??
    new Counter({ name, help, labelNames, registers: [registry] });

  const applied = counter("k8s_applies_total", "Server-side applies, those included that needed no call", [
    "kind",
    "result",
  ]);
  const written = counter("k8s_events_written_total", "Events created or counted up on the server", ["type"]);
  const dropped = counter("k8s_events_dropped_total", "Events that never reached the server", ["reason"]);

  return {
    applied: (kind, result) => applied.inc({ kind, result }),
    eventWritten: (type) => written.inc({ type }),
    eventDropped: (reason) => dropped.inc({ reason }),
  };
}
