import type { Client, Resource } from "@application-connector/kube";
import { clusterInfo, nodeMetrics, nodes, persistentVolumes } from "./cluster-info.ts";

interface Log {
  info(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** Logs what the cluster consists of, for the first time after one interval. */
export function logClusterMetrics(client: Client, log: Log, intervalMs: number): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout;

  async function logOnce(): Promise<void> {
    const { signal } = stopping;
    try {
      const [ofNodes, usage, volumes] = await Promise.all([
        all(client, nodes, signal),
        all(client, nodeMetrics, signal),
        all(client, persistentVolumes, signal),
      ]);
      const info = clusterInfo({ nodes: ofNodes, usage, volumes });
      log.info({ clusterInfo: info, metrics: true }, "Cluster metrics logged successfully.");
    } catch (err) {
      if (!signal.aborted) log.error({ err }, "the metrics of the cluster could not be read");
    }
  }
  const arm = (): void => {
    timer = setTimeout(() => {
      running = logOnce().finally(() => {
        if (!stopping.signal.aborted) arm();
      });
    }, intervalMs);
  };
  arm();
  return {
    async stop() {
      clearTimeout(timer);
      stopping.abort(new Error("the program stops"));
      await running;
      log.info({}, "Logging stopped.");
    },
  };
}

const pageSize = 500;

async function all<T>(client: Client, resource: Resource<T>, signal: AbortSignal): Promise<T[]> {
  const items: T[] = [];
  let token: string | undefined;
  do {
    const page = await client.list(resource, { limit: pageSize, continue: token, signal });
    items.push(...page.items);
    token = page.metadata.continue;
  } while (token);
  return items;
}
