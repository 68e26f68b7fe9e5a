import { setTimeout as wait } from "node:timers/promises";
import { type ApiError, tooLargeResourceVersion } from "../status.ts";
import type { Store } from "../store/store.ts";

/** How long a revision that does not exist yet is waited for, as the real server's watch cache does. */
const freshnessMs = 3000;

/** Resolves when the store is as new as a revision, with the error to answer when it does not get there. */
export async function untilFresh(store: Store, revision: number): Promise<ApiError | undefined> {
  const deadline = Date.now() + freshnessMs;
  while (revision > store.revision) {
    if (Date.now() > deadline) return tooLargeResourceVersion(revision, store.revision);
    await wait(50);
  }
  return undefined;
}
