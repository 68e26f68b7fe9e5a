import { randomUUID } from "node:crypto";
import type { CompassConnection } from "@application-connector/crds";
import { KubeError, type Reconcile } from "@application-connector/kube";
import { UclError, type UclTransport } from "@application-connector/ucl";
import type { ConnectionStats } from "../observe/connection-stats.ts";
import type { RoundOutcome, Synchroniser } from "../sync/synchroniser.ts";
import type { Agenda, Look } from "./agenda.ts";
import type { AgentConfiguration } from "./agent-configuration.ts";
import { type StoredConnection, sameUrls } from "./certificate-store.ts";
import { type Connected, type ConnectParts, connect } from "./connect.ts";
import type { Change, ConnectionResource } from "./connection-resource.ts";
import { withConnectionOutcome, withRoundOutcome, withUnreadableConfiguration } from "./connection-status.ts";
import { hasExpired } from "./credentials.ts";
import { tokenHash } from "./token-ledger.ts";

export interface RoundsParts {
  readonly connecting: ConnectParts;
  readonly resource: ConnectionResource;
  readonly synchroniser: Synchroniser;
  readonly agenda: Agenda;
  readonly stats: ConnectionStats;
  readonly readConfiguration: (signal: AbortSignal) => Promise<AgentConfiguration>;
  readonly refreshTrust: () => Promise<void>;
  /** Told whenever a round has written the connection. */
  readonly onWritten: (before: CompassConnection | undefined, after: CompassConnection) => void;
}

interface State extends Look {
  readonly configuration: AgentConfiguration | Error;
  readonly stored: StoredConnection | string;
  readonly trustProblem: Error | undefined;
}

interface Round {
  readonly requestId: string;
  readonly signal: AbortSignal;
}

/** Looks at the connection: repairs what is stored, and makes a round of calls to UCL when it is time for one. */
export function createRounds(parts: RoundsParts): Reconcile {
  const { agenda, resource, connecting } = parts;
  /** What the API server did not take; written before anything else happens. */
  let unwritten: Change | undefined;
  let renewalFailure: Error | undefined;

  async function look(signal: AbortSignal): Promise<State> {
    let connection = await resource.read({ signal });
    if (unwritten !== undefined) {
      connection = await resource.change(connection, unwritten, { signal });
      unwritten = undefined;
    }
    const configuration = await parts.readConfiguration(signal).catch(lastingFailure);
    const stored = await connecting.store.load({ signal });
    // A Secret of the ingress that must not be written is no reason to let the certificate run out.
    const trustProblem =
      typeof stored === "string"
        ? undefined
        : await connecting.store.ensureAuthorities(stored, { signal }).then(() => undefined, lastingFailure);
    const isUsable = typeof stored !== "string" && !hasExpired(stored.credentials, Date.now());
    const isPaired = connection !== undefined && isUsable;
    const token = configuration instanceof Error ? "none" : connecting.ledger.status(configuration);
    const isFresh = token === "fresh" || (token === "unknown" && !isPaired);
    const freshToken = isFresh && !(configuration instanceof Error) ? tokenHash(configuration.token) : undefined;
    return { connection, configuration, stored, trustProblem, freshToken, isPaired };
  }

  async function write(seen: CompassConnection | undefined, change: Change, { signal }: Round) {
    try {
      const written = await resource.change(seen, change, { signal });
      if (written !== undefined) parts.onWritten(seen, written);
      return written;
    } catch (error) {
      // What is not valid would be refused for ever, and nothing else would happen any more.
      if (!(error instanceof KubeError && error.isInvalid)) unwritten = change;
      throw error;
    }
  }

  async function round(state: State, signal: AbortSignal): Promise<void> {
    // As upstream: the first attempt goes without the runtime's id, which may not be known yet.
    const id = { requestId: state.connection === undefined ? randomUUID() : newRequestId(state.configuration), signal };
    agenda.begun(state);
    let isFailing = true;
    try {
      isFailing = !(await connectAndSynchronise(state, id));
    } finally {
      agenda.ended(resource.writtenVersion, isFailing);
      parts.stats.backOffMs.connector = agenda.connector.leftMs;
      parts.stats.backOffMs.director = agenda.director.leftMs;
    }
  }

  /** True when all went well. */
  async function connectAndSynchronise(state: State, id: Round): Promise<boolean> {
    const { connection } = state;
    await parts.refreshTrust();
    const connected = await connect(connecting, {
      ...state,
      ...id,
      recentFailure: agenda.renewal.leftMs > 0 ? renewalFailure : undefined,
    });
    remember(parts, connected);
    renewalFailure = connected.renewalFailure ?? renewalFailure;
    const { outcome } = connected;
    const now = new Date();
    const connectionChange: Change = (current) => withConnectionOutcome(current, outcome, now);
    if (outcome.result === "not-established" || outcome.result === "not-maintained") {
      await write(connection, connectionChange, id);
      return false;
    }
    // What is new must be seen at once: the first synchronisation may take minutes.
    const isNew = outcome.result !== "maintained" || !sameUrls(connection?.spec.managementInfo, outcome.urls);
    const current = isNew ? await write(connection, connectionChange, id) : connection;
    if (current === undefined) return true;

    const wasAsked = connection?.spec.resyncNow === true;
    const requestId = connection === undefined ? newRequestId(state.configuration) : id.requestId;
    const { change, isDone } = await synchronise(state, {
      ...id,
      requestId,
      url: outcome.urls.directorUrl,
      wasAsked,
    });
    await write(current, (latest) => change(isNew ? latest : connectionChange(latest)), id);
    return isDone;
  }

  async function synchronise(
    { configuration }: State,
    { requestId, signal, url, wasAsked }: Round & { url: string; wasAsked: boolean },
  ): Promise<{ change: Change; isDone: boolean }> {
    const problem = configurationProblem(configuration, connecting.configurationName);
    if (configuration instanceof Error || problem !== undefined) {
      const now = new Date();
      const error = problem ?? new Error("unknown");
      return { change: (current) => withUnreadableConfiguration(current, error, now), isDone: false };
    }
    const { tenant, runtimeId } = configuration;
    const transport: UclTransport = connecting.securedTransport;
    const director = { transport, url, tenant, runtimeId };
    const outcome = await parts.synchroniser.round({ requestId, director, isAskedFor: wasAsked, signal });
    signal.throwIfAborted();
    backOff(agenda, outcome);
    const now = new Date();
    return {
      change: (current) => withRoundOutcome(current, outcome, { now, requestId, wasAsked }),
      isDone: outcome.result === "synchronized",
    };
  }

  return async (_, signal) => {
    const state = await look(signal);
    const waitMs = agenda.timeToNextRound(state);
    if (waitMs > 0) return { requeueAfterMs: waitMs };
    await round(state, signal);
    // What has changed meanwhile, or was asked for, is looked at before the period is over.
    return { requeueAfterMs: Math.max(1, agenda.timeToNextRound(await look(signal))) };
  };
}

/** Under this id UCL's logs show all calls of a round. */
function newRequestId(configuration: AgentConfiguration | Error): string {
  const runtimeId = configuration instanceof Error ? "" : configuration.runtimeId;
  return runtimeId === "" ? randomUUID() : `${runtimeId}_${randomUUID()}`;
}

/** For the back-offs and for who looks at the metrics. */
function remember({ agenda, stats }: RoundsParts, { outcome, failure, renewalFailure }: Connected): void {
  if (failure instanceof UclError) agenda.connector.failed(failure.retryAfterMs);
  else if (failure === undefined) agenda.connector.succeeded();
  if (renewalFailure) {
    agenda.renewal.failed();
    stats.renewals.failed += 1;
  } else if (outcome.result === "renewed") {
    agenda.renewal.succeeded();
    stats.renewals.renewed += 1;
  }
  stats.certificateNotAfterMs = outcome.validity?.notAfter.getTime() ?? 0;
}

function backOff({ director }: Agenda, outcome: RoundOutcome): void {
  if (outcome.result === "synchronized") director.succeeded();
  else if (outcome.result !== "apply-refused") {
    director.failed(outcome.error instanceof UclError ? outcome.error.retryAfterMs : undefined);
  }
}

/** Why it is not known for which runtime to ask. */
function configurationProblem(configuration: AgentConfiguration | Error, name: string): Error | undefined {
  if (configuration instanceof Error) return configuration;
  return configuration.runtimeId === "" ? new Error(`Secret ${name} has no RUNTIME_ID`) : undefined;
}

/** A Secret that is not there, or must not be read, is a fact; an API server that does not answer is none. */
function lastingFailure(error: Error): Error {
  if (error instanceof KubeError && error.isTransient) throw error;
  return error;
}
