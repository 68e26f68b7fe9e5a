import { createWorkQueue } from "@application-connector/kube";
import type { Service } from "@application-connector/service";
import type { Caches } from "../caches.ts";
import { identityOf, isSettledSecret } from "../live/diff-secrets.ts";
import type { LiveApplication } from "../live/live-application.ts";
import type { LiveSecret } from "../live/live-secret.ts";
import type { ApplicationRecord } from "../records/record.ts";
import { createPace } from "./pace.ts";

export interface RepairsOptions {
  readonly caches: Caches;
  /** What should be, by name; empty before the first snapshot. */
  readonly records: () => ReadonlyMap<string, ApplicationRecord>;
  /** Puts one Application right, when nobody else is at it. */
  readonly repair: (name: string) => Promise<void>;
  readonly log: Service["log"];
}

/** Long enough for what we write ourselves to arrive in the caches. */
const settleMs = 200;
const workers = 2;

/** Puts right what somebody changed, from what UCL said last. */
export function startRepairs({ caches, records, repair, log }: RepairsOptions) {
  const queue = createWorkQueue({ firstMs: 500, longestMs: 60_000 });
  const pace = createPace();

  const suspect = (name: string): void => queue.addAfter(name, settleMs + pace.delay(name));
  const applicationIs = (live: LiveApplication): void => {
    const record = records().get(live.metadata.name);
    if (record === undefined || live.isPaused) return;
    if (live.digest !== record.digest) suspect(record.name);
  };
  const applicationWent = (live: LiveApplication): void => {
    if (records().has(live.metadata.name)) suspect(live.metadata.name);
  };
  /** A Secret is that of the Application it says it belongs to, or whose owner it names. */
  const ownerOf = (live: LiveSecret): string | undefined => {
    const name = live.fullName || live.application;
    if (records().has(name)) return name;
    return caches.applications.byIndex("uid", live.ownerUid)[0]?.metadata.name;
  };
  const secretIs = (live: LiveSecret, isThere: boolean): void => {
    const name = ownerOf(live);
    const record = name === undefined ? undefined : records().get(name);
    if (record === undefined) return;
    const secret = record.secrets.find(({ name }) => name === live.metadata.name);
    if (secret === undefined) {
      if (isThere && !record.keptSecrets.includes(live.metadata.name)) suspect(record.name);
      return;
    }
    const uid = caches.applications.get(record.name)?.metadata.uid;
    if (!isThere || !isSettledSecret(secret, identityOf(record.name), uid, live)) suspect(record.name);
  };

  const ends = [
    caches.applications.subscribe({
      add: applicationIs,
      update: (_old, now) => applicationIs(now),
      delete: applicationWent,
    }),
    caches.watchedSecrets?.subscribe({
      add: (live) => secretIs(live, true),
      // Whoever takes away the labels takes the Secret out of sight: then it is deleted, as far as the cache knows.
      update: (old, now) => {
        secretIs(now, true);
        if (ownerOf(old) !== ownerOf(now)) secretIs(old, false);
      },
      delete: (live) => secretIs(live, false),
    }),
  ];

  async function work(): Promise<void> {
    for (let name = await queue.get(); name !== undefined; name = await queue.get()) {
      try {
        await repair(name);
        queue.forget(name);
      } catch (error) {
        const retryMs = Math.round(queue.addRateLimited(name));
        log.warn({ err: error, application: name, retryMs }, "a change by somebody else could not be undone yet");
      } finally {
        queue.done(name);
      }
    }
  }
  for (let count = 0; count < workers; count++) void work();

  return {
    /** Something was put right: if it goes on like this, more slowly. */
    repaired: (name: string): void => pace.took(name),
    async stop(): Promise<void> {
      for (const end of ends) end?.();
      await queue.shutDown();
    },
  };
}
