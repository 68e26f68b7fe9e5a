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
  inFlight: gauge("connectivity_validator_inflight", [], "Requests that were let in and are not over"),
  bufferedBytes: gauge("connectivity_validator_buffered_bytes", [], "Memory that holds request bodies"),
  circuitOpen: gauge("connectivity_validator_circuit_open", [], "1 while Eventing is spared because it fails", "max"),
  authFailures: counter(
    "connectivity_validator_auth_failures_total",
    ["reason"],
    "Callers that were refused, by what was wrong",
  ),
  invalidEvents: counter(
    "connectivity_validator_ce_invalid_total",
    ["reason"],
    "CloudEvents that are none, by what was wrong",
  ),
  rateLimited: counter(
    "connectivity_validator_rate_limited_total",
    ["application"],
    "Requests beyond the rate of their Application",
  ),
  repeatedEvents: counter(
    "connectivity_validator_repeated_events_total",
    ["application"],
    "Events that had been stored before, and were not handed on again",
  ),
  unheardEvents: counter(
    "connectivity_validator_unheard_events_total",
    ["application"],
    "Events that were stored, though nobody has subscribed to them",
  ),
  annotationMistakes: gauge(
    "connectivity_validator_annotation_mistakes",
    ["application"],
    "Annotations of an Application that cannot be used",
    "max",
  ),
  applications: gauge("connectivity_validator_cache_applications", [], "Applications that may be called", "max"),
  synced: gauge("connectivity_validator_cache_synced", [], "1 when all Applications were read once", "min"),
  staleness: gauge(
    "connectivity_validator_cache_staleness_seconds",
    [],
    "Time since the API server last proved that it is there",
    "max",
  ),
  certificateExpiry: gauge(
    "connectivity_validator_client_cert_expiry_seconds",
    ["application"],
    "Time until a caller's certificate expires",
    "min",
  ),
};

export interface MetricSources {
  readonly stats: Stats;
  readonly applications: {
    all(): Iterable<InboundApplication>;
    readonly size: number;
    readonly hasSynced: boolean;
    readonly stalenessMs: number;
  };
  readonly admission: { readonly inFlight: number };
  readonly memory: { readonly held: number };
  readonly circuit: { readonly isOpen: boolean };
}

/** Collected from plain fields when somebody scrapes. */
export function registerMetrics(
  registry: Service["metrics"],
  { stats, applications, admission, memory, circuit }: MetricSources,
): void {
  function* ofEach(count: (application: InboundApplication) => number): Iterable<Sample> {
    for (const application of applications.all()) {
      const value = count(application);
      if (value > 0) yield { labels: { application: application.name }, value };
    }
  }
  collected(registry, metrics, () => ({
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
    inFlight: reading(() => admission.inFlight),
    bufferedBytes: reading(() => memory.held),
    circuitOpen: reading(() => (circuit.isOpen ? 1 : 0)),
    authFailures: () => byReason(stats.rejections),
    invalidEvents: () => byReason(stats.invalidEvents),
    rateLimited: function* () {
      for (const { name, stats: own, load } of applications.all())
        if (load.bucket !== undefined) yield { labels: { application: name }, value: own.countOf("rate_limited") };
    },
    repeatedEvents: () => ofEach(({ stats: own }) => own.repeated),
    unheardEvents: () => ofEach(({ stats: own }) => own.unheard),
    annotationMistakes: function* () {
      for (const { name, mistakes } of applications.all())
        if (mistakes.length > 0) yield { labels: { application: name }, value: mistakes.length };
    },
    applications: reading(() => applications.size),
    synced: reading(() => (applications.hasSynced ? 1 : 0)),
    staleness: reading(() => applications.stalenessMs / 1000),
    certificateExpiry: function* () {
      for (const { name, stats: own } of applications.all()) {
        const { certificateExpiryMs } = own;
        if (certificateExpiryMs === undefined) continue;
        yield { labels: { application: name }, value: Math.round((certificateExpiryMs - Date.now()) / 1000) };
      }
    },
  }));
}

function* byReason(counts: ReadonlyMap<string, number>): Iterable<Sample> {
  for (const [reason, value] of counts) yield { labels: { reason }, value };
}

function* answers(application: string, stats: ApplicationStats): Iterable<Sample> {
  for (const { route, code, reason, count } of stats.answers.values())
    yield { labels: { application, route, code, reason }, value: count };
}
