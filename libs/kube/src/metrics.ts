import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** What this library counts (contract section 5.8), or nothing when there is no registry. */
export interface KubeMetrics {
  request(verb: string, resource: string, code: string, seconds: number): void;
  objects(kind: string, change: number): void;
  relist(kind: string, cause: string): void;
  /** Changes that were missed while no watch ran, found by a relist. */
  relistMissed(kind: string, count: number): void;
  watchRestart(kind: string, cause: string): void;
  event(kind: string): void;
  quarantined(kind: string): void;
  undecodable(kind: string): void;
  degraded(kind: string, change: number): void;
  handlerError(kind: string): void;
}

const nothing = (): void => {};

export const noMetrics: KubeMetrics = {
  request: nothing,
  objects: nothing,
  relist: nothing,
  relistMissed: nothing,
  watchRestart: nothing,
  event: nothing,
  quarantined: nothing,
  undecodable: nothing,
  degraded: nothing,
  handlerError: nothing,
};

export function createMetrics(registry: Registry): KubeMetrics {
  const counter = (name: string, help: string, labelNames: string[]): Counter =>
    (registry.getSingleMetric(name) as Counter | undefined) ??
    new Counter({ name, help, labelNames, registers: [registry] });
  const gauge = (name: string, help: string, labelNames: string[]): Gauge =>
    (registry.getSingleMetric(name) as Gauge | undefined) ??
    // Each worker of a program watches all there is.
    new Gauge({ name, help, labelNames, registers: [registry], aggregator: "max" });

  const requests = counter("k8s_client_requests_total", "Calls to the Kubernetes API", ["verb", "resource", "code"]);
  const seconds =
    (registry.getSingleMetric("k8s_client_request_seconds") as Histogram | undefined) ??
    new Histogram({
      name: "k8s_client_request_seconds",
      help: "Time until the Kubernetes API answered",
      labelNames: ["verb", "resource"],
      registers: [registry],
    });
  const objects = gauge("k8s_informer_objects", "Objects in the cache", ["kind"]);
  const relists = counter("k8s_informer_relists_total", "Lists after the first one", ["kind", "cause"]);
  const missed = counter("k8s_informer_relist_missed_total", "Changes only a relist brought to light", ["kind"]);
  const restarts = counter("k8s_watch_restarts_total", "Watches opened again", ["kind", "cause"]);
  const lastEvent = gauge("k8s_informer_last_event_timestamp", "When the last event arrived, in Unix seconds", [
    "kind",
  ]);
  const quarantined = counter("k8s_informer_quarantined_total", "Malformed objects left out of the cache", ["kind"]);
  const undecodable = counter("k8s_watch_undecodable_lines_total", "Lines of a watch that are no JSON", ["kind"]);
  const degraded = gauge("k8s_informer_degraded", "Informers that lack a permission or their kind", ["kind"]);
  const handlerErrors = counter("k8s_handler_errors_total", "Event handlers that threw or rejected", ["kind"]);

  return {
    request(verb, resource, code, duration) {
      requests.inc({ verb, resource, code });
      seconds.observe({ verb, resource }, duration);
    },
    objects: (kind, change) => objects.inc({ kind }, change),
    relist: (kind, cause) => relists.inc({ kind, cause }),
    relistMissed: (kind, count) => missed.inc({ kind }, count),
    watchRestart: (kind, cause) => restarts.inc({ kind, cause }),
    event: (kind) => lastEvent.set({ kind }, Date.now() / 1000),
    quarantined: (kind) => quarantined.inc({ kind }),
    undecodable: (kind) => undecodable.inc({ kind }),
    degraded: (kind, change) => degraded.inc({ kind }, change),
    handlerError: (kind) => handlerErrors.inc({ kind }),
  };
}
