import type { CompassConnection } from "@application-connector/crds";
import { KubeError } from "@application-connector/kube";
import { type Connector, UclError, type UclTransport } from "@application-connector/ucl";
import type { AgentConfiguration } from "./agent-configuration.ts";
import type { CertificateStore, ManagementUrls, StoredConnection } from "./certificate-store.ts";
import { certificateCondition, connected, type DisconnectedReason, disconnected } from "./conditions.ts";
import { type ConnectionOutcome, errorText } from "./connection-status.ts";
import { hasExpired, identityOf } from "./credentials.ts";
import { maintain } from "./maintain.ts";
import { obtainByToken } from "./obtain.ts";
import type { RenewalRule } from "./renewal.ts";
import type { MakeKey } from "./signing-request.ts";
import type { TokenLedger } from "./token-ledger.ts";

export interface ConnectParts {
  readonly store: CertificateStore;
  readonly ledger: TokenLedger;
  /** Without a certificate. */
  readonly anonymous: Connector;
  /** With the certificate that its transport shows. */
  readonly secured: Connector;
  readonly securedTransport: UclTransport;
  readonly makeKey: MakeKey;
  readonly rule: RenewalRule;
  /** Where the configuration Secret is, for messages. */
  readonly configurationName: string;
}

export interface ConnectRequest {
  readonly connection: CompassConnection | undefined;
  /** Why it is not known, where it could not be read. */
  readonly configuration: AgentConfiguration | Error;
  readonly stored: StoredConnection | string;
  /** Why the ingress was not told whom to trust. */
  readonly trustProblem: Error | undefined;
  /** Of the last renewal, as long as it is not to be tried again. */
  readonly recentFailure: Error | undefined;
  readonly requestId: string;
  readonly signal: AbortSignal;
}

export interface Connected {
  readonly outcome: ConnectionOutcome;
  /** For the back-off of the Connector: a call to it that failed. */
  readonly failure: unknown;
  /** Of a renewal that was tried. */
  readonly renewalFailure: Error | undefined;
}

/** Saving has failed, after UCL has done its part. */
class PreservationError extends Error {
  override readonly name = "PreservationError";
}

/**
 * Makes sure of the connection: pairs where there is a token that was never sent, and otherwise asks the Connector with
 * the stored certificate. A token is tried before the next call with a certificate, which would make UCL forget it.
 */
export async function connect(parts: ConnectParts, request: ConnectRequest): Promise<Connected> {
  const { connection, configuration, stored } = request;
  const urls = typeof stored === "string" ? undefined : knownUrls(connection, stored);
  const usable = typeof stored !== "string" && urls !== undefined && !hasExpired(stored.credentials, Date.now());
  const token = configuration instanceof Error ? "none" : parts.ledger.status(configuration);
  // Where nobody noted what was sent, a certificate that works says that the token was.
  const tokenFirst = token === "fresh" || (token === "unknown" && (connection === undefined || !usable));
  let pairing: Error | undefined;
  if (tokenFirst) {
    const paired = await pair(parts, request);
    if (!(paired instanceof Error)) return paired;
    pairing = paired;
  }
  if (!usable) return notConnected(parts, request, { pairing, token });
  try {
    return await keep(parts, request, { urls, stored, pairing, token });
  } catch (error) {
    // What the API server did not do says nothing about the connection.
    if (request.signal.aborted || error instanceof KubeError) throw error;
    const isRefused = error instanceof UclError && error.code === "unauthenticated";
    if (isRefused && token === "unknown" && !tokenFirst) {
      const paired = await pair(parts, request);
      if (!(paired instanceof Error)) return paired;
    }
    return notConnected(parts, request, { pairing: error as Error, token, isRefused });
  }
}

/** Pairs with the token; the failure, where it fails. */
async function pair(
  parts: ConnectParts,
  { configuration, requestId, signal }: ConnectRequest,
): Promise<Connected | Error> {
  if (configuration instanceof Error) return configuration;
  const asking = { requestId, signal };
  try {
    const obtained = await obtainByToken(parts.anonymous, parts.ledger, parts.makeKey, configuration, asking);
    await save(parts, obtained, signal);
    const { credentials, urls } = obtained;
    const conditions = [connected("paired with UCL"), certificateCondition(credentials, {}, Date.now())];
    const outcome = { result: "established", urls, validity: credentials, error: undefined, conditions } as const;
    return { outcome, failure: undefined, renewalFailure: undefined };
  } catch (error) {
    if (signal.aborted) throw error;
    return error as Error;
  }
}

async function save(
  { store, securedTransport }: ConnectParts,
  { credentials, urls }: { credentials: StoredConnection["credentials"]; urls: ManagementUrls },
  signal: AbortSignal,
): Promise<void> {
  securedTransport.present(identityOf(credentials));
  await store.save(credentials, urls, { signal }).catch((cause: unknown) => {
    throw signal.aborted ? cause : new PreservationError((cause as Error).message, { cause });
  });
}

interface Keeping {
  readonly urls: ManagementUrls;
  readonly stored: StoredConnection;
  readonly pairing: Error | undefined;
  readonly token: string;
}

/** Carries on with the stored certificate. */
async function keep(parts: ConnectParts, request: ConnectRequest, keeping: Keeping): Promise<Connected> {
  const { connection, configuration, requestId, signal } = request;
  const { stored, pairing } = keeping;
  const { credentials } = stored;
  parts.securedTransport.present(identityOf(credentials));
  const { urls, renewed, renewalError } = await maintain(parts.secured, parts.makeKey, {
    url: keeping.urls.connectorUrl,
    credentials,
    rule: parts.rule,
    isAsked: connection?.spec.refreshCredentialsNow === true,
    recentFailure: request.recentFailure,
    requestId,
    signal,
  });
  if (keeping.token === "unknown" && !(configuration instanceof Error))
    await parts.ledger.spend(configuration, { signal });
  let failed = renewalError;
  if (renewed !== undefined) {
    await save(parts, { credentials: renewed, urls }, signal).catch((error: unknown) => {
      if (!(error instanceof PreservationError)) throw error;
      failed = error;
    });
  } else await parts.store.noteUrls(urls, { signal });

  const validity = renewed ?? credentials;
  const renewal =
    failed && `${failed instanceof PreservationError ? "it could not be stored: " : ""}${errorText(failed, requestId)}`;
  const tokenProblem = pairing && `Failed to retrieve certificate: ${errorText(pairing, requestId)}`;
  const renewalProblem = renewal && `Error while trying to maintain connection: ${renewal}`;
  const trustProblem = request.trustProblem && `Failed to preserve certificate: ${request.trustProblem.message}`;
  const errors = [tokenProblem, renewalProblem, trustProblem].filter((text) => text !== undefined);
  const conditions = [
    pairing
      ? connected(`connected, but a new token was of no use: ${pairing.message}`, "PairingFailed")
      : connected("connected to UCL"),
    certificateCondition(validity, { renewal }, Date.now()),
  ];
  const outcome = {
    result: renewed ? "renewed" : "maintained",
    urls,
    validity,
    error: errors.length > 0 ? errors.join("; ") : undefined,
    conditions,
  } as const;
  return { outcome, failure: undefined, renewalFailure: failed === request.recentFailure ? undefined : failed };
}

interface Failing {
  readonly pairing: Error | undefined;
  readonly token: string;
  readonly isRefused?: boolean;
}

function notConnected({ configurationName }: ConnectParts, request: ConnectRequest, failing: Failing): Connected {
  const { connection, configuration, stored, requestId } = request;
  const { pairing, token, isRefused = false } = failing;
  const validity = typeof stored === "string" ? undefined : stored.credentials;
  const works = validity !== undefined && !hasExpired(validity, Date.now()) && !isRefused;
  const cause = pairing ?? new Error(whyNoToken(configuration, configurationName, token));
  const needsToken = !works && (token === "none" || token === "used");
  const why = needsToken && pairing !== undefined ? `; ${whyNoToken(configuration, configurationName, token)}` : "";
  const text = `${pairing instanceof UclError ? errorText(cause, requestId) : cause.message}${why}`;
  const state = connection?.status?.connectionState;
  const isFirst = connection === undefined || state === undefined || state === "ConnectionFailed";
  const step =
    pairing instanceof PreservationError ? "Failed to preserve certificate: " : "Failed to retrieve certificate: ";
  const reason: DisconnectedReason = needsToken ? "ReconnectRequired" : works ? "MaintenanceFailed" : "PairingFailed";
  return {
    outcome: {
      result: isFirst ? ("not-established" as const) : ("not-maintained" as const),
      error: isFirst ? step + text : `Error while trying to maintain connection: ${text}`,
      validity,
      conditions: [
        disconnected(reason, text),
        certificateCondition(validity, typeof stored === "string" ? { missing: stored } : {}, Date.now()),
      ],
    },
    failure: pairing,
    renewalFailure: undefined,
  };
}

function whyNoToken(configuration: AgentConfiguration | Error, name: string, token: string): string {
  if (configuration instanceof Error) return configuration.message;
  if (configuration.connectorUrl === "") return `Secret ${name} has no CONNECTOR_URL`;
  if (token === "none") return `Secret ${name} has no TOKEN`;
  return `the one-time token in Secret ${name} was sent already; put a new one there, best of a new system auth`;
}

/** What the connection says, as people may edit it; else what was stored with the certificate. */
function knownUrls(connection: CompassConnection | undefined, { urls }: StoredConnection): ManagementUrls | undefined {
  const { connectorUrl = "", directorUrl = "" } = connection?.spec.managementInfo ?? {};
  return connectorUrl === "" ? urls : { connectorUrl, directorUrl };
}
