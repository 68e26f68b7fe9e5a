import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { noQueueMetrics, type QueueMetrics } from "./queue/queue-metrics.ts";

/** How a reconcile ended. */
export type ReconcileResult = "success" | "later" | "error" | "terminal" | "timeout" | "stopped";

/** What is read when somebody scrapes. */
export interface QueueState {
  readonly depth: number;
  readonly longestRunningMs: number;
}

/** What controllers and leader electors count, or nothing when there is no registry. */
export interface ControllerMetrics {
  reconciled(controller: string, result: ReconcileResult, seconds: number): void;
  /** @returns what the queue counts, and how to take it out again */
  queue(name: string, state: QueueState): { metrics: QueueMetrics; end(): void };
  leads(lease: string, isLeader: boolean): void;
}

const nothing = (): void => {};

export const noControllerMetrics: ControllerMetrics = {
  reconciled: nothing,
  queue: () => ({ metrics: noQueueMetrics, end: nothing }),
  leads: nothing,
};

const created = new WeakMap<Registry, ControllerMetrics>();

/** The metrics of a registry: the same ones for everybody who asks. */
export function createControllerMetrics(registry: Registry): ControllerMetrics {
  const metrics = created.get(registry) ?? register(registry);
  created.set(registry, metrics);
  return metrics;
}

const secondBuckets = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

function register(registry: Registry): ControllerMetrics {
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[]): Counter =>
    new Counter({ name, help, labelNames, registers });
  const histogram = (name: string, help: string, labelNames: string[]): Histogram =>
    new Histogram({ name, help, labelNames, registers, buckets: secondBuckets });

  const reconciles = counter("controller_reconciles_total", "Reconciles that ended", ["controller", "result"]);
  const duration = histogram("controller_reconcile_seconds", "How long a reconcile took", ["controller"]);
  const adds = counter("workqueue_adds_total", "Keys put into the queue", ["name"]);
  const retries = counter("workqueue_retries_total", "Keys to be tried again after a failure", ["name"]);
  const waited = histogram("workqueue_queue_duration_seconds", "How long a key waited for its turn", ["name"]);
  const worked = histogram("workqueue_work_duration_seconds", "How long the work on a key took", ["name"]);
  const leads = new Gauge({
    name: "leader_election_status",
    help: "Whether this process holds the lease",
    labelNames: ["name"],
    registers,
  });
  const states = new Map<string, QueueState>();
  const onScrape = (name: string, help: string, read: (state: QueueState) => number): Gauge =>
    new Gauge({
      name,
      help,
      labelNames: ["name"],
      registers,
      collect() {
        this.reset();
        for (const [queue, state] of states) this.set({ name: queue }, read(state));
      },
    });
  onScrape("workqueue_depth", "Keys that wait for their turn", ({ depth }) => depth);
  onScrape(
    "workqueue_longest_running_processor_seconds",
    "How long the work that takes longest has been going on",
    ({ longestRunningMs }) => longestRunningMs / 1000,
  );

  return {
    reconciled(controller, result, seconds) {
      reconciles.inc({ controller, result });
      duration.observe({ controller }, seconds);
    },
    queue(name, state) {
      states.set(name, state);
      const metrics: QueueMetrics = {
        added: () => adds.inc({ name }),
        retried: () => retries.inc({ name }),
        taken: (seconds) => waited.observe({ name }, seconds),
        worked: (seconds) => worked.observe({ name }, seconds),
      };
      return { metrics, end: () => void states.delete(name) };
    },
    leads: (name, isLeader) => leads.set({ name }, Number(isLeader)),
  };
}
