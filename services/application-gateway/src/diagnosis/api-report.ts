import { showUrl, type TokenState } from "@application-connector/credentials";
import { Problem } from "@application-connector/problem";
import type { ApiEntry } from "../entries/api-entry.ts";
import type { Mistake } from "../entries/mistake.ts";
import type { CircuitState } from "../resilience/circuit-breaker.ts";
import { isCallable } from "./callable.ts";

/** What an administrator may know of an API: how calls of it would be made, and what is in their way. No secrets. */
export interface ApiReport {
  readonly application: string;
  readonly service: string;
  readonly entry: string;
  readonly serviceName: string;
  readonly displayName: string;
  readonly entryName: string;
  /** Whether calls reach the target as far as the gateway knows. */
  readonly callable: boolean;
  readonly targetUrl: string;
  readonly skipVerify: boolean;
  readonly encodeUrl: boolean;
  readonly credential: {
    readonly type: string;
    readonly secret?: string;
    readonly tokenUrl?: string;
    readonly csrfUrl?: string;
  };
  readonly requestParametersSecret?: string;
  /** The annotations that concern it, without their prefix. */
  readonly annotations: readonly string[];
  readonly token?: FetchReport;
  readonly csrf?: FetchReport;
  readonly clientCertificate?: { readonly expiresAt: string };
  readonly circuit?: CircuitState;
  readonly inFlight: number;
  readonly mistakes: readonly Mistake[];
}

interface FetchReport {
  /** Until when what was fetched is used; absent when there is nothing to use. */
  readonly expiresAt?: string;
  readonly lastFetch?: {
    readonly endedAt: string;
    readonly durationMs: number;
    readonly result: "success" | "failure";
    readonly error?: string;
  };
}

export function reportOf(entry: ApiEntry): ApiReport {
  const { candidate, state, stats, mistakes } = entry;
  const { application, serviceSegment, entrySegment, serviceName, displayName, entryName } = candidate;
  const { credentials, csrfUrl, requestParametersSecret, settings } = candidate;
  const { api } = state;
  return {
    application,
    service: serviceSegment,
    entry: entrySegment,
    serviceName,
    displayName,
    entryName,
    callable: isCallable(entry),
    targetUrl: api === undefined ? showUrl(candidate.targetUrl) : api.url.origin + api.url.path,
    skipVerify: candidate.skipVerify,
    encodeUrl: candidate.encodeUrl,
    credential: {
      type: credentials?.type || "none",
      ...given("secret", credentials?.secretName),
      ...given("tokenUrl", showUrl(credentials?.tokenUrl ?? "")),
      ...given("csrfUrl", showUrl(csrfUrl)),
    },
    ...given("requestParametersSecret", requestParametersSecret),
    annotations: [...new Set(Object.values(settings.sources))].sort(),
    ...fetchOf("token", api?.tokens?.state),
    ...fetchOf("csrf", api?.sessions?.state),
    ...certificateOf(api?.credential.clientCertificate?.expiresAt),
    ...(api?.circuit === undefined ? {} : { circuit: api.circuit.state }),
    inFlight: stats?.inFlight ?? 0,
    mistakes,
  };
}

function given<K extends string>(name: K, value: string | undefined): { readonly [P in K]?: string } {
  return (value ? { [name]: value } : {}) as { readonly [P in K]?: string };
}

function fetchOf<K extends string>(name: K, state: TokenState | undefined): { readonly [P in K]?: FetchReport } {
  if (state === undefined) return {};
  const { expiresAt, lastFetch } = state;
  const report: FetchReport = {
    ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() }),
    ...(lastFetch === undefined
      ? {}
      : {
          lastFetch: {
            endedAt: new Date(lastFetch.endedAt).toISOString(),
            durationMs: lastFetch.durationMs,
            ...(lastFetch.error === undefined
              ? { result: "success" }
              : { result: "failure", error: shownError(lastFetch.error) }),
          },
        }),
  };
  return { [name]: report } as { readonly [P in K]?: FetchReport };
}

/** Problems are made to be shown to callers; of other errors nobody knows what they quote. */
function shownError(error: unknown): string {
  return error instanceof Problem ? error.message : "the request could not be made";
}

function certificateOf(expiresAt: number | undefined): Pick<ApiReport, "clientCertificate"> {
  return expiresAt === undefined ? {} : { clientCertificate: { expiresAt: new Date(expiresAt).toISOString() } };
}
