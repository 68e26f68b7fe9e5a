import type { Distribution } from "@application-connector/service";
import {
  type Collect,
  collected,
  counter,
  gauge,
  histogram,
  reading,
  type Service,
} from "@application-connector/service";
import type { EntryStats, FetchCounts, Labels } from "./entry-stats.ts";

const api = ["application", "service", "entry"];

/** The families of the gateway. The labels of an API are those of its path, so there are only as many as Applications have. */
export const metrics = {
  requests: counter(
    "agw_requests_total",
    [...api, "code", "origin"],
    "Requests by final status and by who answered: `gateway` or `target`. Those that name no API have empty labels",
  ),
  requestDuration: histogram("agw_request_duration_seconds", api, "From the request's head to the end of its answer"),
  targetDuration: histogram(
    "agw_target_duration_seconds",
    api,
    "From forwarding a request to the head of the target's response",
  ),
  inFlight: gauge("agw_inflight_requests", api, "Calls on their way to a target that are not over"),
  retries: counter("agw_retries_total", [...api, "reason"], "Calls that were sent once more, by why"),
  tokenFetches: counter(
    "agw_token_fetch_total",
    [...api, "result"],
    "Requests to token endpoints that calls of an API caused",
  ),
  tokenFetchDuration: histogram("agw_token_fetch_duration_seconds", api, "Time that requests to token endpoints took"),
  tokenExpiry: gauge(
    "agw_token_expiry_timestamp_seconds",
    api,
    "Until when the token that an API used last is used, in Unix seconds",
    "min",
  ),
  csrfFetches: counter(
    "agw_csrf_fetch_total",
    [...api, "result"],
    "Requests for CSRF tokens that calls of an API caused",
  ),
  tokens: gauge("agw_cached_tokens", [], "Tokens held in memory"),
  replayBytes: gauge(
    "agw_replay_buffer_bytes",
    [],
    "Request bodies that are kept, in memory and on disk, until their target has accepted them",
  ),
  droppedLines: counter(
    "agw_access_log_dropped_total",
    [],
    "Lines of the access log that were given up because standard output did not take them",
  ),
  objects: gauge("agw_config_objects", ["kind"], "Objects that the gateway works with", "max"),
  lastSync: gauge(
    "agw_config_last_sync_timestamp_seconds",
    [],
    "When the Kubernetes API last proved that the known objects are current, in Unix seconds; 0 before it did",
    "min",
  ),
  circuits: gauge(
    "agw_circuit_state",
    api,
    "Whether calls reach the target: 0 closed (they do), 1 half-open (one tries), 2 open. Of APIs that have a circuit and were called",
    "max",
  ),
  certificateExpiry: gauge(
    "agw_client_certificate_expiry_timestamp_seconds",
    api,
    "When the client certificate of an API expires, in Unix seconds",
    "min",
  ),
};

export interface MetricSources {
  /** Every entry's counts that are not zero, and those of unmatched requests. */
  readonly stats: () => Iterable<EntryStats>;
  readonly applications: () => number;
  readonly secrets: () => number;
  readonly entries: () => number;
  readonly targets: () => number;
  readonly tokens: () => number;
  readonly replayBytes: () => number;
  readonly droppedLines: () => number;
  /** When the cluster was last known to be reachable, in ms since the epoch. */
  readonly lastSync: () => number;
  /** By API, in ms since the epoch. */
  readonly certificateExpiries: () => Iterable<ApiValue>;
  readonly tokenExpiries: () => Iterable<ApiValue>;
  /** By API: 0 closed, 1 half-open, 2 open. */
  readonly circuits: () => Iterable<ApiValue>;
}

/** A number that an API has. */
export interface ApiValue {
  readonly labels: Labels;
  readonly value: number;
}

/** Collected from plain fields when somebody scrapes, so that a request pays for additions and not for label lookups. */
export function registerMetrics(registry: Service["metrics"], sources: MetricSources): void {
  collected(registry, metrics, () => {
    const all = [...sources.stats()];
    return {
      requests: function* () {
        for (const { labels, answers } of all) {
          for (const [key, value] of answers) {
            yield { labels, more: { code: Math.abs(key), origin: key < 0 ? "gateway" : "target" }, value };
          }
        }
      },
      requestDuration: histograms(all, ({ request }) => request),
      targetDuration: histograms(all, ({ target }) => target),
      inFlight: () => all.map(({ labels, inFlight }) => ({ labels, value: inFlight })),
      retries: function* () {
        for (const { labels, retries } of all) {
          for (const [reason, value] of retries) yield { labels, more: { reason }, value };
        }
      },
      tokenFetches: fetches(all, ({ tokens }) => tokens),
      tokenFetchDuration: histograms(all, ({ tokens }) => tokens?.durations),
      tokenExpiry: expiries(sources.tokenExpiries),
      csrfFetches: fetches(all, ({ csrf }) => csrf),
      tokens: reading(sources.tokens),
      replayBytes: reading(sources.replayBytes),
      droppedLines: reading(sources.droppedLines),
      objects: () => [
        { labels: { kind: "Application" }, value: sources.applications() },
        { labels: { kind: "Secret" }, value: sources.secrets() },
        { labels: { kind: "Entry" }, value: sources.entries() },
        { labels: { kind: "Target" }, value: sources.targets() },
      ],
      lastSync: reading(() => sources.lastSync() / 1000),
      circuits: sources.circuits,
      certificateExpiry: expiries(sources.certificateExpiries),
    };
  });
}

type All = readonly EntryStats[];

function histograms(all: All, pick: (stats: EntryStats) => Distribution | undefined): Collect {
  return function* (name) {
    for (const stats of all) {
      const durations = pick(stats);
      if (durations !== undefined && durations.count > 0) yield* durations.samples(name, stats.labels);
    }
  };
}

const [success, failure] = [{ result: "success" }, { result: "failure" }];

function fetches(all: All, pick: (stats: EntryStats) => FetchCounts | undefined): Collect {
  return function* () {
    for (const stats of all) {
      const counts = pick(stats);
      if (counts === undefined) continue;
      yield { labels: stats.labels, more: success, value: counts.succeeded };
      yield { labels: stats.labels, more: failure, value: counts.failed };
    }
  };
}

function expiries(all: () => Iterable<ApiValue>): Collect {
  return function* () {
    for (const { labels, value } of all()) yield { labels, value: value / 1000 };
  };
}
