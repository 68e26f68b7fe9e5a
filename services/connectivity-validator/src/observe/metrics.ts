import {
  collected,
  counter,
  gauge,
  histogram,
  reading,
  type Sample,
  type Service,
} from "@application-connector/service";
import type { InboundApplication } from "../applications/application.ts";
import type { ApplicationStats } from "./application-stats.ts";
import type { Stats } from "./stats.ts";

/** The families of the validator. The label `application` names Applications that exist, or is empty. */
export const metrics = {
  requests: counter(
    "connectivity_validator_requests_total",
    ["application", "route", "code", "reason"],
    "Requests by final status; a reason when the answer is our own",
  ),
  requestDuration: histogram(
    "connectivity_validator_request_duration_seconds",
    ["route"],
    "From the request's head to the end of its answer",
  ),
  upstreamDuration: histogram(
    "connectivity_validator_upstream_duration_seconds",
    ["code"],
    "From forwarding to the head of Eventing's response",
  ),
  requestBytes: histogram("connectivity_validator_request_bytes", [], "Size of forwarded bodies"),
  inFlight: gauge("connectivity_validator_inflight", [], "Forwarded requests that are not over"),
  authFailures: counter(
    "connectivity_validator_auth_failures_total",
    ["reason"],
    "Callers that were refused, by what was wrong",
  ),
  applications: gauge("connectivity_validator_cache_applications", [], "Applications that may be called"),
  synced: gauge("connectivity_validator_cache_synced", [], "1 when all Applications were read once"),
  staleness: gauge(
    "connectivity_validator_cache_staleness_seconds",
    [],
    "Time since the API server last proved that it is there",
  ),
  certificateExpiry: gauge(
    "connectivity_validator_client_cert_expiry_seconds",
    ["application"],
    "Time until a caller's certificate expires",
  ),
};

export interface MetricSources {
  readonly stats: Stats;
  readonly applications: { all(): Iterable<InboundApplication>; readonly size: number; readonly hasSynced: boolean };
  readonly stalenessMs: () => number;
}

/** Collected from plain fields when somebody scrapes. */
export function registerMetrics(
  registry: Service["metrics"],
  { stats, applications, stalenessMs }: MetricSources,
): void {
  collected(registry, metrics, {
    requests: function* () {
      yield* answers("", stats.nameless);
      for (const { name, stats: own } of applications.all()) yield* answers(name, own);
    },
    requestDuration: function* (name) {
      for (const [route, distribution] of Object.entries(stats.durations)) yield* distribution.samples(name, { route });
    },
    upstreamDuration: function* (name) {
      for (const [code, distribution] of stats.eventing) yield* distribution.samples(name, { code });
    },
    requestBytes: (name) => stats.requestBytes.samples(name, {}),
    inFlight: reading(() => stats.inFlight),
    authFailures: function* () {
      for (const [reason, value] of stats.rejections) yield { labels: { reason }, value };
    },
    applications: reading(() => applications.size),
    synced: reading(() => (applications.hasSynced ? 1 : 0)),
    staleness: reading(() => stalenessMs() / 1000),
    certificateExpiry: function* () {
      for (const { name, stats: own } of applications.all()) {
        const { certificateExpiryMs } = own;
        if (certificateExpiryMs === undefined) continue;
        yield { labels: { application: name }, value: Math.round((certificateExpiryMs - Date.now()) / 1000) };
      }
    },
  });
}

function* answers(application: string, stats: ApplicationStats): Iterable<Sample> {
  for (const { route, code, reason, count } of stats.answers.values())
    yield { labels: { application, route, code, reason }, value: count };
}
