import { setTimeout as sleep } from "node:timers/promises";
import type { Informer } from "@application-connector/kube";

/** What is in the cluster is not known: nothing may be applied. */
export class ClusterStateError extends Error {
  override readonly name = "ClusterStateError";
}

const checkEveryMs = 50;

/** Waits until the caches follow the API server. What they hold is old otherwise. */
export async function clusterState(
  caches: readonly {
    readonly what: string;
    readonly informer: Pick<Informer<unknown>, "state" | "hasSynced" | "detail">;
  }[],
  withinMs: number,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const late = caches.find(({ informer }) => !informer.hasSynced || !follows(informer.state));
    if (late === undefined) return;
    if (performance.now() > deadline) {
      const { what, informer } = late;
      throw new ClusterStateError(`the ${what} of the cluster cannot be listed: ${informer.detail ?? "no answer yet"}`);
    }
    await sleep(checkEveryMs, undefined, { signal });
  }
}

/** Between two watches a list is as good as ever. */
const follows = (state: string): boolean => state === "Watching" || state === "Init" || state === "Listing";
