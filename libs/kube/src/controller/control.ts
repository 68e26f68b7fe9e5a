import { type Clock, systemClock } from "../clock.ts";
import type { Informer } from "../informer/informer.ts";
import type { LeaderElector } from "../lease/elector.ts";
import type { Client } from "../transport/client.ts";
import { createScopes } from "../transport/scope.ts";
import type { Controller } from "./controller.ts";

export interface ControlOptions {
  /**
   * What is to run. With an election the client it is given writes only as long as this process leads: everything that
   * writes has to be made from it. Called once.
   */
  controllers: (client: Client) => readonly Controller[];
  /** Filled before anything runs, on followers too. */
  caches?: readonly Cache[] | undefined;
  /** Without it every process runs its controllers. */
  elector?: LeaderElector | undefined;
  /**
   * It cannot go on: the caches were not filled in time, or leadership was lost. Nothing is written any more. The process
   * should end with an error, to be started again.
   */
  onFailure: (failure: Error) => void;
  /** How long the caches may take (2 min). */
  syncWithinMs?: number | undefined;
  /** How long reconciles have to end when it stops (20 s). */
  stopWithinMs?: number | undefined;
  clock?: Clock | undefined;
}

type Cache = Pick<Informer<unknown>, "waitForSync" | "hasSynced"> & Partial<Pick<Informer<unknown>, "detail">>;

/** Controllers with everything that has to be true before they run. */
export interface Control {
  readonly state: "syncing" | "waiting" | "running" | "ended";
  /** Why it is not ready, for people. A follower that waits is ready. */
  readonly problem: string | undefined;
  /** How long the reconcile that takes longest has been going on. */
  readonly longestRunningMs: number;
  /** Takes nothing new, lets reconciles end, gives the lease back. */
  stop(): Promise<void>;
}

const defaultSyncMs = 120_000;

/** Fills the caches, waits for leadership, runs the controllers: in this order, and backwards when it stops. */
export function startControl(client: Client, options: ControlOptions): Control {
  const { caches = [], elector, onFailure, syncWithinMs = defaultSyncMs, clock = systemClock } = options;
  const scopes = createScopes(clock);
  let state: Control["state"] = "syncing";
  let controllers: readonly Controller[] = [];
  let isStopping = false;
  let failure: Error | undefined;

  const unfilled = (): string => {
    const details = caches.filter(({ hasSynced }) => !hasSynced).map(({ detail }) => detail ?? "no answer yet");
    return `${details.length} of ${caches.length} caches are not filled: ${[...new Set(details)].join("; ")}`;
  };

  async function run(): Promise<void> {
    const filling = scopes.enter([], syncWithinMs, () => new Error(unfilled()));
    await Promise.all(caches.map((cache) => cache.waitForSync(filling.signal))).finally(filling.leave);
    state = "waiting";
    const whole = scopes.enter([]);
    const leadership = await elector?.lead(whole.signal);
    whole.leave();
    const acting = scopes.enter([leadership?.signal]);
    const over = rejection(acting.signal);
    state = "running";
    controllers = options.controllers(leadership ? client.guarded(leadership) : client);
    await Promise.race([over, Promise.all(controllers.map((controller) => controller.start(leadership?.signal)))]);
    await over.finally(acting.leave);
  }

  const ended = run().catch(async (reason: unknown) => {
    if (!isStopping) failure = reason instanceof Error ? reason : new Error(String(reason));
    const withinMs = failure ? 0 : options.stopWithinMs;
    await Promise.all(controllers.map((controller) => controller.stop(withinMs)));
    await elector?.stop();
    state = "ended";
    if (failure) onFailure(failure);
  });

  return {
    get state() {
      return state;
    },
    get problem() {
      if (state === "syncing") return unfilled();
      return failure?.message;
    },
    get longestRunningMs() {
      return Math.max(0, ...controllers.map((controller) => controller.longestRunningMs));
    },
    async stop() {
      isStopping = true;
      scopes.close(new Error("the controllers were stopped"));
      await ended;
    },
  };
}

/** Never resolves. */
function rejection(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  if (signal.aborted) reject(signal.reason);
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  // Whoever waits for it comes later.
  promise.catch(() => {});
  return promise;
}
