import {
  collected,
  counter,
  Distribution,
  gauge,
  histogram,
  reading,
  type Sample,
  type Service,
} from "@application-connector/service";

/** The families that tell of synchronisation. None has a label with a name of an Application: there may be thousands. */
export const syncMetrics = {
  rounds: counter("runtime_agent_sync_total", ["result"], "Rounds of synchronisation, by how they ended"),
  duration: histogram(
    "runtime_agent_sync_duration_seconds",
    [],
    "How long a round takes, from the first call to the last write",
  ),
  lastSuccess: gauge(
    "runtime_agent_last_successful_sync_timestamp_seconds",
    [],
    "When the last round ended well, in seconds since 1970; 0 before the first",
  ),
  applications: gauge(
    "runtime_agent_applications",
    ["state"],
    "Applications: desired by UCL, managed in the cluster, failed, or left out because of a conflict of names",
  ),
  errors: counter(
    "runtime_agent_application_errors_total",
    ["reason"],
    "Applications that a round could not make what UCL describes",
  ),
  writes: counter(
    "runtime_agent_k8s_writes_total",
    ["kind", "verb", "result"],
    "Writes to the Kubernetes API, by how they ended",
  ),
};

/** In seconds: of nothing to do, and of ten thousand Applications that are all new. */
const roundBounds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 900];

/** What is counted, in plain fields. */
export class SyncStats {
  readonly rounds = new Map<string, number>();
  readonly durations = new Distribution(roundBounds);
  readonly errors = new Map<string, number>();
  readonly writes = new Map<string, { labels: { kind: string; verb: string; result: string }; value: number }>();
  readonly applications = { desired: 0, managed: 0, failed: 0, conflict: 0 };
  lastSuccessMs = 0;

  wrote(kind: string, verb: string, result: string): void {
    const key = `${kind} ${verb} ${result}`;
    const known = this.writes.get(key);
    if (known) known.value++;
    else this.writes.set(key, { labels: { kind, verb, result }, value: 1 });
  }
}

export function count(counts: Map<string, number>, key: string, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

export function registerSyncMetrics(registry: Service["metrics"], stats: SyncStats): void {
  collected(registry, syncMetrics, () => ({
    rounds: () => samples(stats.rounds, "result"),
    duration: (name) => stats.durations.samples(name, {}),
    lastSuccess: reading(() => stats.lastSuccessMs / 1000),
    applications: () => samples(new Map(Object.entries(stats.applications)), "state"),
    errors: () => samples(stats.errors, "reason"),
    writes: () => stats.writes.values(),
  }));
}

function* samples(counts: ReadonlyMap<string, number>, label: string): Iterable<Sample> {
  for (const [key, value] of counts) yield { labels: { [label]: key }, value };
}
