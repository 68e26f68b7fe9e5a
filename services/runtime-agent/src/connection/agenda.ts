import type { CompassConnection } from "@application-connector/crds";
import { type BackOff, createBackOff } from "./back-off.ts";
import { isFailure } from "./connection-states.ts";
import { timeToNextRound } from "./schedule.ts";

export interface AgendaOptions {
  readonly periodMs: number;
  readonly minimalMs: number;
  /** How long a side of UCL that has failed once is left alone at most. */
  readonly firstBackOffMs?: number | undefined;
  readonly random?: () => number;
  /** Monotonic, in milliseconds. */
  readonly now?: () => number;
}

/** What this process remembers between rounds to know when the next one is due. */
export interface Agenda {
  readonly connector: BackOff;
  readonly director: BackOff;
  readonly renewal: BackOff;
  /** How long to wait; 0 to begin. */
  timeToNextRound(look: Look): number;
  begun(look: Look): void;
  /** Version of the connection as it is left, and whether all went well. */
  ended(version: string | undefined, isFailing: boolean): void;
}

export interface Look {
  readonly connection: CompassConnection | undefined;
  /** Of a token that was never sent. */
  readonly freshToken: string | undefined;
  /** There is a connection, and a certificate that is valid. */
  readonly isPaired: boolean;
}

/** Rounds come up to so much later than their period, so that a thousand clusters do not call at once. */
const jitter = 0.1;

export function createAgenda(options: AgendaOptions): Agenda {
  const { periodMs, minimalMs, firstBackOffMs, random = Math.random, now = () => performance.now() } = options;
  const backOff = () => createBackOff(now, random, firstBackOffMs);
  const connector = backOff();
  const director = backOff();
  let lastTryMs = Number.NEGATIVE_INFINITY;
  let dueMs: number | undefined;
  let triedToken: string | undefined;
  let knownVersion: string | undefined;
  let isFailing = false;

  /** After a restart a connection that works need not be looked after at once: others may restart with us. */
  const firstDue = ({ connection, isPaired }: Look): number => {
    const state = connection?.status?.connectionState ?? "ConnectionFailed";
    return now() + (isPaired && !isFailure(state) ? random() * periodMs : 0);
  };

  return {
    connector,
    director,
    renewal: backOff(),
    timeToNextRound(look) {
      const { connection, freshToken } = look;
      const version = connection?.metadata.resourceVersion;
      if (dueMs === undefined) {
        dueMs = firstDue(look);
        knownVersion = version;
      }
      const lastSync = Date.parse(connection?.status?.connectionStatus?.lastSync ?? "");
      return timeToNextRound({
        hasNewToken: freshToken !== undefined && freshToken !== triedToken,
        sinceTryMs: now() - lastTryMs,
        sinceLastSyncMs: Number.isNaN(lastSync) ? Number.POSITIVE_INFINITY : Date.now() - lastSync,
        exists: connection !== undefined,
        isAsked: connection?.spec.resyncNow === true,
        isTouched: version !== knownVersion || (connection?.spec.refreshCredentialsNow === true && !isFailing),
        isFailing,
        untilDueMs: Math.max(0, dueMs - now()),
        minimalMs,
      });
    },
    begun({ freshToken, connection }) {
      lastTryMs = now();
      triedToken = freshToken;
      knownVersion = connection?.metadata.resourceVersion;
    },
    ended(version, failing) {
      isFailing = failing;
      knownVersion = version;
      const backOffMs = Math.max(connector.leftMs, director.leftMs);
      dueMs = now() + (backOffMs > 0 ? backOffMs : periodMs * (1 + random() * jitter));
    },
  };
}
