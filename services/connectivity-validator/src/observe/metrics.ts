import type { Service } from "@application-connector/service";
import type { InboundApplication } from "../applications/application.ts";
import type { ApplicationStats } from "./application-stats.ts";
import type { Distribution } from "./distribution.ts";
import type { Stats } from "./stats.ts";

export interface MetricSources {
  readonly stats: Stats;
  readonly applications: { all(): Iterable<InboundApplication>; readonly size: number; readonly hasSynced: boolean };
  readonly stalenessMs: () => number;
}

type Labels = Readonly<Record<string, string | number>>;
interface Sample {
  readonly metricName?: string;
  readonly labels: Labels;
  readonly value: number;
}

/** Registers the validator's metrics. They are collected from plain fields when somebody scrapes. */
export function registerMetrics(
  registry: Service["metrics"],
  { stats, applications, stalenessMs }: MetricSources,
): void {
  const add = (suffix: string, type: string, help: string, collect: (name: string) => Iterable<Sample>): void => {
    const name = `connectivity_validator_${suffix}`;
    const metric = {
      name,
      help,
      type,
      aggregator: "sum",
      get: async () => ({ name, help, type, values: [...collect(name)] }),
    };
    // The registry asks of a metric only what is here; its type asks for its own classes.
    registry.registerMetric(metric as unknown as Parameters<typeof registry.registerMetric>[0]);
  };
  const gauge = (suffix: string, help: string, read: () => number) =>
    add(suffix, "gauge", help, () => [{ labels: {}, value: read() }]);

  add("requests_total", "counter", "Requests by final status; a reason when the answer is our own", function* () {
    yield* answers("", stats.nameless);
    for (const { name, stats: own } of applications.all()) yield* answers(name, own);
  });
  add("request_duration_seconds", "histogram", "From the request's head to the end of its answer", function* (name) {
    for (const [route, distribution] of Object.entries(stats.durations))
      yield* histogram(name, { route }, distribution);
  });
  add("upstream_duration_seconds", "histogram", "From forwarding to the head of Eventing's response", function* (name) {
    for (const [code, distribution] of stats.eventing) yield* histogram(name, { code }, distribution);
  });
  add("request_bytes", "histogram", "Size of forwarded bodies", (name) => histogram(name, {}, stats.requestBytes));
  gauge("inflight", "Forwarded requests that are not over", () => stats.inFlight);
  add("auth_failures_total", "counter", "Callers that were refused, by what was wrong", function* () {
    for (const [reason, value] of stats.rejections) yield { labels: { reason }, value };
  });
  gauge("cache_applications", "Applications that may be called", () => applications.size);
  gauge("cache_synced", "1 when all Applications were read once", () => (applications.hasSynced ? 1 : 0));
  gauge(
    "cache_staleness_seconds",
    "Time since the API server last proved that it is there",
    () => stalenessMs() / 1000,
  );
  add("client_cert_expiry_seconds", "gauge", "Time until a caller's certificate expires", function* () {
    for (const {
      name,
      stats: { certificateExpiryMs },
    } of applications.all()) {
      if (certificateExpiryMs !== undefined)
        yield { labels: { application: name }, value: Math.round((certificateExpiryMs - Date.now()) / 1000) };
    }
  });
}

function* answers(application: string, stats: ApplicationStats): Iterable<Sample> {
  for (const { route, code, reason, count } of stats.answers.values())
    yield { labels: { application, route, code, reason }, value: count };
}

function* histogram(name: string, labels: Labels, { bounds, counts, sum, count }: Distribution): Iterable<Sample> {
  let below = 0;
  for (const [at, bound] of bounds.entries()) {
    below += counts[at] ?? 0;
    yield { metricName: `${name}_bucket`, labels: { ...labels, le: bound }, value: below };
  }
  yield { metricName: `${name}_bucket`, labels: { ...labels, le: "+Inf" }, value: count };
  yield { metricName: `${name}_sum`, labels, value: sum };
  yield { metricName: `${name}_count`, labels, value: count };
}
