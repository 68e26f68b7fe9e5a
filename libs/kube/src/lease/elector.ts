import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Registry } from "prom-client";
import { type Clock, sleep } from "../clock.ts";
import { createControllerMetrics, noControllerMetrics } from "../controller-metrics.ts";
import { type Log, silentLog } from "../log.ts";
import type { Lease } from "../resources/types.ts";
import type { Client } from "../transport/client.ts";
import { KubeError } from "../transport/kube-error.ts";
import { createScopes } from "../transport/scope.ts";
import { createTerm, type Leadership, LeadershipLostError, type Term } from "./leadership.ts";
import { createLeaseStore } from "./lease-store.ts";
import { createObservation } from "./observation.ts";

export interface LeaderElectorOptions {
  namespace: string;
  name: string;
  /** Who we are, different for each process (`<hostname>_<uuid>`). */
  identity?: string | undefined;
  /** How long the others wait after the last sign of life (15 s). */
  leaseDurationMs?: number | undefined;
  /** How long we lead without being able to say so (10 s); less than the others wait. */
  renewDeadlineMs?: number | undefined;
  /** How often the lease is renewed or looked at, at least (2 s). */
  retryPeriodMs?: number | undefined;
  clock?: Clock | undefined;
  random?: (() => number) | undefined;
  log?: Log | undefined;
  metrics?: Registry | undefined;
}

/** One of several processes that want to do what only one may do at a time. */
export interface LeaderElector {
  readonly identity: string;
  /** Who leads, as far as we know. */
  readonly holder: string | undefined;
  readonly isLeader: boolean;
  /** Resolves when we lead, however long that takes; rejects when the signal aborts or the elector stops. */
  lead(signal?: AbortSignal): Promise<Leadership>;
  /** Gives the lease back. Whoever acts under it should be done before; what is still to be written then is not. */
  stop(): Promise<void>;
}

/**
 * Leader election over a Lease, as client-go does it: whoever holds the lease renews it, and the others take it when
 * they did not see it change for its duration. Pauses are somewhat shorter than client-go's, so that a lease that was
 * given back is taken within three seconds, and one whose holder died within seventeen.
 *
 * @throws {TypeError} for durations with which two could lead at once
 */
export function createLeaderElector(client: Client, options: LeaderElectorOptions): LeaderElector {
  const { namespace, name, identity = `${hostname()}_${randomUUID()}` } = options;
  const { leaseDurationMs = 15_000, renewDeadlineMs = 10_000, retryPeriodMs = 2_000 } = options;
  const { clock = client.clock, random = Math.random, log = silentLog } = options;
  const metrics = options.metrics ? createControllerMetrics(options.metrics) : noControllerMetrics;
  if (!(leaseDurationMs > renewDeadlineMs && renewDeadlineMs > retryPeriodMs && retryPeriodMs > 0)) {
    throw new TypeError("a lease must outlast the deadline of its renewal, and that the pause between two renewals");
  }
  const store = createLeaseStore(
    client,
    { namespace, name, identity, durationMs: leaseDurationMs },
    renewDeadlineMs / 2,
  );
  const observation = createObservation(clock, leaseDurationMs);
  const scopes = createScopes(clock);
  const complain = createComplaint(log, { lease: `${namespace}/${name}`, identity });
  const pauseMs = (): number => retryPeriodMs * (0.75 + 0.2 * random());
  let term: Term | undefined;
  let held: Lease | undefined;
  /** We wrote our name into it, or tried to, and did not lose it since. */
  let mayHold = false;
  let renewing = Promise.resolve();
  let stopping: Promise<void> | undefined;

  /** Takes the lease when it may be taken. */
  async function tryToLead(signal: AbortSignal): Promise<Term | undefined> {
    const lease = await store.read(signal);
    if (lease) observation.see(lease);
    if (lease && observation.holder !== identity && observation.leftMs > 0) return undefined;
    const begun = createTerm(clock, renewDeadlineMs);
    const since = begun.now();
    mayHold = true;
    held = await store.claim(lease, signal);
    observation.see(held);
    begun.confirm(since);
    return begun;
  }

  async function renew(current: Term): Promise<void> {
    const { signal } = current;
    while (!signal.aborted) {
      try {
        await sleep(clock, pauseMs(), signal);
        await renewOnce(current);
        complain.nothing();
      } catch (error) {
        if (!signal.aborted) complain.about(error, "the lease could not be renewed");
      }
    }
  }

  async function renewOnce(current: Term): Promise<void> {
    const { signal } = current;
    current.check();
    let since = current.now();
    try {
      held = await store.claim(held, signal);
    } catch (error) {
      if (!(error instanceof KubeError && (error.isConflict || error.isNotFound || error.isAlreadyExists))) throw error;
      // Ours with another version: an answer got lost, or somebody else changed its labels. Gone: made anew, first come first served.
      const lease = await store.read(signal);
      if (lease) observation.see(lease);
      if (lease && observation.holder !== identity) {
        current.end(new LeadershipLostError(`the lease is held by ${observation.holder ?? "nobody"}`));
        return;
      }
      since = current.now();
      held = await store.claim(lease, signal);
    }
    observation.see(held);
    current.confirm(since);
  }

  function begin(begun: Term): Leadership {
    term = begun;
    metrics.leads(name, true);
    log.info({ lease: `${namespace}/${name}`, identity }, "this process leads");
    const onEnd = (): void => {
      metrics.leads(name, false);
      const { reason } = begun.signal;
      if (!(reason instanceof LeadershipLostError)) return;
      // Not given back: what was sent before may still be on its way, and the others have to wait for that.
      mayHold = false;
      log.error({ err: reason, identity }, "this process leads no longer");
    };
    begun.signal.addEventListener("abort", onEnd, { once: true });
    if (begun.signal.aborted) onEnd();
    renewing = renew(begun);
    return begun;
  }

  async function stop(): Promise<void> {
    const reason = new Error(`the leader elector of ${namespace}/${name} was stopped`);
    isLeader();
    scopes.close(reason);
    term?.end(reason);
    await renewing;
    if (!mayHold) return;
    await store.release().catch((error: unknown) => complain.about(error, "the lease could not be given back"));
  }

  const isLeader = (): boolean => {
    try {
      term?.check();
      return term !== undefined;
    } catch {
      return false;
    }
  };

  return {
    identity,
    get holder() {
      return observation.holder;
    },
    get isLeader() {
      return isLeader();
    },
    async lead(signal) {
      const scope = scopes.enter([signal]);
      try {
        for (;;) {
          scope.signal.throwIfAborted();
          if (term && isLeader()) return term;
          await renewing;
          try {
            const begun = await tryToLead(scope.signal);
            complain.nothing();
            if (begun) return begin(begun);
          } catch (error) {
            scope.signal.throwIfAborted();
            complain.about(error, "the lease could not be taken");
          }
          const leftMs = observation.leftMs;
          await sleep(clock, leftMs > 0 ? Math.min(leftMs, pauseMs()) : pauseMs(), scope.signal);
        }
      } finally {
        scope.leave();
      }
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** Says the same once, until all was well again. Losing a race for the lease is nothing to complain about. */
function createComplaint(log: Log, details: object) {
  let said = "";
  return {
    nothing(): void {
      said = "";
    },
    about(error: unknown, message: string): void {
      if (error instanceof KubeError && (error.isConflict || error.isAlreadyExists)) return;
      const text = `${message}: ${(error as Error | undefined)?.message}`;
      if (text !== said) log.warn({ ...details, err: error }, message);
      said = text;
    },
  };
}
