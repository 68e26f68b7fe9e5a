import type {
  CompassConnection,
  CompassConnectionCondition,
  CompassConnectionStatus,
} from "@application-connector/crds";
import { type StatedCondition, setConditions } from "@application-connector/kube";
import type { RoundOutcome } from "../sync/synchroniser.ts";
import type { ManagementUrls } from "./certificate-store.ts";
import type { ConnectionState } from "./connection-states.ts";
import type { Validity } from "./renewal.ts";

/** How a round has gone as far as the connection itself is concerned. */
export type ConnectionOutcome =
  | {
      readonly result: "established" | "maintained" | "renewed";
      readonly urls: ManagementUrls;
      readonly validity: Validity;
      /** What failed beside: a renewal, or a token that UCL did not take. The connection works. */
      readonly error: string | undefined;
      readonly conditions: readonly StatedCondition[];
    }
  /** There is no connection yet. */
  | ({ readonly result: "not-established" } & NotConnected)
  /** There was one, and it does not work now. */
  | ({ readonly result: "not-maintained" } & NotConnected);

interface NotConnected {
  readonly error: string;
  readonly validity: Validity | undefined;
  readonly conditions: readonly StatedCondition[];
}

const never: CompassConnectionStatus["connectionStatus"] = {
  established: null,
  renewed: null,
  lastSync: null,
  lastSuccess: null,
  certificateStatus: { acquired: null, notBefore: null, notAfter: null },
};

/** A connection as it is before anything was tried. */
export const blankConnection = (name: string): CompassConnection => ({
  apiVersion: "compass.kyma-project.io/v1alpha1",
  kind: "CompassConnection",
  metadata: { name },
  spec: { managementInfo: { connectorUrl: "", directorUrl: "" } },
});

/** The connection with what a round has found out about it. */
export function withConnectionOutcome(
  connection: CompassConnection,
  outcome: ConnectionOutcome,
  now: Date,
): CompassConnection {
  const time = timestamp(now);
  const { spec, status } = connection;
  const before = status?.connectionStatus ?? never;
  const conditions = conditionsWith(status, outcome.conditions, now);
  const kept = { ...status, conditions, synchronizationStatus: status?.synchronizationStatus ?? null };
  if (outcome.result === "not-established" || outcome.result === "not-maintained") {
    const connectionState: ConnectionState =
      outcome.result === "not-established" ? "ConnectionFailed" : "ConnectionMaintenanceFailed";
    const certificateStatus = { ...never.certificateStatus, ...before.certificateStatus, ...dates(outcome.validity) };
    const connectionStatus = { ...never, ...before, certificateStatus, lastSync: time, error: outcome.error };
    return { ...connection, status: { ...kept, connectionState, connectionStatus } };
  }
  const isNew = outcome.result === "established";
  const isFresh = isNew || outcome.result === "renewed";
  const base = isNew ? never : { ...never, ...before };
  const { error: _, ...rest } = base;
  const connectionStatus = {
    ...rest,
    established: base.established ?? time,
    renewed: outcome.result === "renewed" ? time : (base.renewed ?? null),
    lastSync: time,
    lastSuccess: time,
    certificateStatus: {
      acquired: base.certificateStatus.acquired ?? time,
      ...dates(outcome.validity),
    },
    ...(outcome.error === undefined ? {} : { error: outcome.error }),
  };
  const working = status?.connectionState;
  const stays = !isNew && working !== undefined && !/^Connection.*Failed$/.test(working);
  return {
    ...connection,
    spec: {
      ...spec,
      managementInfo: { ...spec.managementInfo, ...outcome.urls },
      ...(isFresh && spec.refreshCredentialsNow ? { refreshCredentialsNow: false } : {}),
    },
    status: { ...kept, connectionState: stays ? working : "Connected", connectionStatus },
  };
}

const failed = {
  "fetch-failed": { state: "SynchronizationFailed", prefix: "Failed to fetch configuration: ", fetched: false },
  "apply-refused": { state: "ResourceApplicationFailed", prefix: "Failed to apply configuration: ", fetched: true },
  "labels-failed": {
    state: "MetadataUpdateFailed",
    prefix: "Failed to reconcile Runtime labels with proper URLs: ",
    fetched: true,
  },
} as const satisfies Record<string, { state: ConnectionState; prefix: string; fetched: boolean }>;

/** The connection with what has become of the applications. */
export function withRoundOutcome(
  connection: CompassConnection,
  outcome: RoundOutcome,
  { now, requestId, wasAsked }: { now: Date; requestId: string; wasAsked: boolean },
): CompassConnection {
  const time = timestamp(now);
  const { spec, status } = connection;
  const conditions = conditionsWith(status, outcome.conditions, now);
  const connectionStatus = status?.connectionStatus ?? never;
  const { error: _, ...before } = status?.synchronizationStatus ?? {};
  if (outcome.result === "synchronized") {
    const all = { lastAttempt: time, lastSuccessfulFetch: time, lastSuccessfulApplication: time };
    return {
      ...connection,
      spec: wasAsked && spec.resyncNow ? { ...spec, resyncNow: false } : spec,
      status: {
        ...status,
        conditions,
        connectionStatus,
        connectionState: "Synchronized" satisfies ConnectionState,
        synchronizationStatus: all,
      },
    };
  }
  const { state, prefix, fetched } = failed[outcome.result];
  const synchronizationStatus = {
    lastSuccessfulFetch: null,
    lastSuccessfulApplication: null,
    ...before,
    lastAttempt: time,
    ...(fetched ? { lastSuccessfulFetch: time } : {}),
    error: prefix + errorText(outcome.error, requestId),
  };
  return {
    ...connection,
    status: { ...status, conditions, connectionStatus, connectionState: state, synchronizationStatus },
  };
}

/** The connection when it is not known for which runtime to synchronise. */
export function withUnreadableConfiguration(connection: CompassConnection, error: Error, now: Date): CompassConnection {
  const { status } = connection;
  const synchronizationStatus = {
    lastSuccessfulFetch: null,
    lastSuccessfulApplication: null,
    ...status?.synchronizationStatus,
    lastAttempt: timestamp(now),
    error: `Failed to read Runtime config: ${error.message}`,
  };
  const connectionState: ConnectionState = "SynchronizationFailed";
  const connectionStatus = status?.connectionStatus ?? never;
  return { ...connection, status: { ...status, connectionStatus, connectionState, synchronizationStatus } };
}

function conditionsWith(
  status: CompassConnectionStatus | undefined,
  stated: readonly StatedCondition[],
  now: Date,
): CompassConnectionCondition[] {
  return setConditions(status?.conditions, stated, now).map(
    ({ reason = "", message = "", lastTransitionTime = timestamp(now), ...condition }) => ({
      ...condition,
      reason,
      message,
      lastTransitionTime,
    }),
  );
}

/** An error for a status, with the id under which UCL's logs know the call. */
export function errorText(error: Error, requestId: string): string {
  return error.message.includes(requestId) ? error.message : `${error.message} (x-request-id ${requestId})`;
}

/** metav1.Time: whole seconds. */
export const timestamp = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

const dates = (validity: Validity | undefined) =>
  validity === undefined
    ? { notBefore: null, notAfter: null }
    : { notBefore: timestamp(validity.notBefore), notAfter: timestamp(validity.notAfter) };
