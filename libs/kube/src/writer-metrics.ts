import { Counter, type Registry } from "prom-client";

/**
 * `suppressed`: no call was needed. `unchanged`: there was one, which changed nothing. `postponed`: somebody else keeps
 * changing the object.
 */
export type ApplyResult = "written" | "unchanged" | "suppressed" | "postponed" | "conflict" | "failed";

/** Why an event never reached the server. */
export type EventLoss = "budget" | "queue" | "failed" | "refused" | "stopped" | "malformed";

/** What appliers and event recorders count, or nothing when there is no registry. */
export interface WriterMetrics {
  applied(kind: string, result: ApplyResult): void;
  eventWritten(type: string): void;
  eventDropped(loss: EventLoss): void;
}

const nothing = (): void => {};

export const noWriterMetrics: WriterMetrics = { applied: nothing, eventWritten: nothing, eventDropped: nothing };

const created = new WeakMap<Registry, WriterMetrics>();

/** The metrics of a registry: the same ones for everybody who asks. */
export function createWriterMetrics(registry: Registry): WriterMetrics {
  const metrics = created.get(registry) ?? register(registry);
  created.set(registry, metrics);
  return metrics;
}

function register(registry: Registry): WriterMetrics {
  const counter = (name: string, help: string, labelNames: string[]): Counter =>
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
