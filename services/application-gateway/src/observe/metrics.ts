import type { TokenFetch } from "@application-connector/credentials";
import type { Service } from "@application-connector/service";
import { Durations, durationBounds, type EntryStats } from "./entry-stats.ts";

export interface MetricSources {
  /** Every entry's counts that are not zero, and those of unmatched requests. */
  readonly stats: () => Iterable<EntryStats>;
  readonly applications: () => number;
  readonly secrets: () => number;
  readonly entries: () => number;
  readonly targets: () => number;
  readonly tokens: () => number;
  /** When the cluster was last known to be reachable, in ms since the epoch. */
  readonly lastSync: () => number;
  /** Expiry of client certificates by API, in ms since the epoch. */
  readonly certificates: () => Iterable<{ readonly labels: EntryStats["labels"]; readonly expiresAt: number }>;
}

interface Sample {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** Requests for tokens: counted as a whole, since a token belongs to its owner and not to one API. */
export class FetchCounts {
  succeeded = 0;
  failed = 0;
  readonly durations = new Durations();

  readonly onFetch = ({ succeeded, durationMs }: TokenFetch): void => {
    if (succeeded) this.succeeded++;
    else this.failed++;
    this.durations.observe(durationMs);
  };
}

export interface Fetches {
  readonly tokens: FetchCounts;
  readonly csrf: FetchCounts;
}

/**
 * The `agw_*` families. They are collected from plain fields when somebody scrapes, so that a request pays for additions
 * and not for label lookups.
 */
export function registerMetrics(registry: Service["metrics"], sources: MetricSources, fetches: Fetches): void {
  const add = (name: string, type: string, help: string, collect: () => Iterable<Sample>): void => {
    const metric = {
      name,
      help,
      type,
      aggregator: "sum",
      get: async () => ({ name, help, type, values: [...collect()] }),
    };
    // The registry asks of a metric only what is here; its type asks for its own classes.
    registry.registerMetric(metric as unknown as Parameters<typeof registry.registerMetric>[0]);
  };
  const value = (read: () => number) => () => [{ labels: {}, value: read() }];

  add("agw_requests_total", "counter", "Requests by final status and by who answered", () => requests(sources.stats()));
  add("agw_request_duration_seconds", "histogram", "From the request's head to the end of its answer", () =>
    histograms("agw_request_duration_seconds", sources.stats(), ({ request }) => request),
  );
  add(
    "agw_target_duration_seconds",
    "histogram",
    "From forwarding a request to the head of the target's response",
    () => histograms("agw_target_duration_seconds", sources.stats(), ({ target }) => target),
  );
  add("agw_inflight_requests", "gauge", "Calls that are not over", function* () {
    for (const { labels, inFlight } of sources.stats()) yield { labels, value: inFlight };
  });
  const results = ({ succeeded, failed }: FetchCounts): Sample[] => [
    { labels: { result: "success" }, value: succeeded },
    { labels: { result: "failure" }, value: failed },
  ];
  add("agw_token_fetch_total", "counter", "Requests to token endpoints", () => results(fetches.tokens));
  add("agw_csrf_fetch_total", "counter", "Requests for CSRF tokens", () => results(fetches.csrf));
  add("agw_token_fetch_duration_seconds", "histogram", "Time that requests to token endpoints took", () =>
    histogram("agw_token_fetch_duration_seconds", {}, fetches.tokens.durations),
  );
  add("agw_cached_tokens", "gauge", "Tokens held in memory", value(sources.tokens));
  add("agw_config_objects", "gauge", "Objects that the gateway works with", () => [
    { labels: { kind: "Application" }, value: sources.applications() },
    { labels: { kind: "Secret" }, value: sources.secrets() },
    { labels: { kind: "Entry" }, value: sources.entries() },
    { labels: { kind: "Target" }, value: sources.targets() },
  ]);
  add(
    "agw_config_last_sync_timestamp_seconds",
    "gauge",
    "When the Kubernetes API last proved that the known objects are current",
    value(() => sources.lastSync() / 1000),
  );
  add("agw_client_certificate_expiry_timestamp_seconds", "gauge", "When client certificates expire", function* () {
    for (const { labels, expiresAt } of sources.certificates()) yield { labels, value: expiresAt / 1000 };
  });
}

function* requests(all: Iterable<EntryStats>): Iterable<Sample> {
  for (const { labels, answers } of all) {
    for (const [key, value] of answers) {
      yield { labels: { ...labels, code: Math.abs(key), origin: key < 0 ? "gateway" : "target" }, value };
    }
  }
}

function* histograms(
  name: string,
  all: Iterable<EntryStats>,
  pick: (stats: EntryStats) => Durations,
): Iterable<Sample> {
  for (const stats of all) {
    const durations = pick(stats);
    if (durations.count > 0) yield* histogram(name, stats.labels, durations);
  }
}

function* histogram(name: string, labels: Sample["labels"], { buckets, sumS, count }: Durations): Iterable<Sample> {
  let below = 0;
  for (const [index, bound] of durationBounds.entries()) {
    below += buckets[index] ?? 0;
    yield { metricName: `${name}_bucket`, labels: { ...labels, le: bound }, value: below };
  }
  yield { metricName: `${name}_bucket`, labels: { ...labels, le: "+Inf" }, value: count };
  yield { metricName: `${name}_sum`, labels, value: sumS };
  yield { metricName: `${name}_count`, labels, value: count };
}
