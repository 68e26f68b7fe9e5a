import { headerValues } from "@application-connector/forward";
import { Problem } from "@application-connector/problem";
import { CallFailure, callWithinOrigin } from "./call-within-origin.ts";
import type { Credential } from "./credential.ts";
import { type CsrfSession, joinSession, readCsrfSession } from "./csrf-session.ts";
import { fingerprint } from "./fingerprint.ts";
import { showUrl } from "./http-url.ts";
import { type Reach, trustOf } from "./reach.ts";
import type { Secret } from "./secret.ts";
import type { Token, Tokens } from "./token-cache.ts";

export interface CsrfSettings extends Reach {
  readonly url: string;
  /** Which API it is for: sessions are never shared between APIs. */
  readonly api: readonly string[];
  readonly sessions: Tokens<CsrfSession>;
}

/**
 * Adds to a credential what systems against cross-site request forgery want with every call: a token that was fetched
 * with the same credential, and the cookies that came with it.
 */
export function withCsrf(credential: Credential, secret: Secret, settings: CsrfSettings): Credential {
  const { url, sessions } = settings;
  const data = JSON.stringify(Object.entries(secret.data).sort());
  const key = fingerprint(credential.type, ...settings.api, url, ...trustOf(settings), data);
  // A caller with a token of its own is somebody else: it gets a session of its own.
  const keyFor = (authorization: string): string => fingerprint("Access-Token", key, authorization);
  // Without it, an `Authorization` is the client's: fetched with that, the session of one would be everybody's.
  const makesAuthorization = credential.replaces.includes("authorization");

  const join = (sessionKey: string, headers: string[], isProven: boolean): Promise<void> | undefined => {
    const session = sessions.get(sessionKey, () =>
      fetchSession(isProven ? authorizationOf(headers) : undefined, credential, settings),
    );
    if (session instanceof Promise) return session.then((fetched) => joinSession(headers, fetched));
    joinSession(headers, session);
    return undefined;
  };
  return {
    ...credential,
    replaces: [...credential.replaces, "x-csrf-token"],
    authorize(headers) {
      const pending = credential.authorize(headers);
      const next = (): Promise<void> | undefined => join(key, headers, makesAuthorization);
      return pending === undefined ? next() : pending.then(next);
    },
    accompany(headers) {
      return join(keyFor(authorizationOf(headers) ?? ""), headers, true);
    },
    refused(headers) {
      credential.refused(headers);
      const used = headerValues(headers, "x-csrf-token");
      const wasUsed = ({ token }: CsrfSession): boolean => used.includes(token);
      sessions.forget(key, wasUsed);
      sessions.forget(keyFor(authorizationOf(headers) ?? ""), wasUsed);
    },
  };
}

function authorizationOf(headers: readonly string[]): string | undefined {
  return headerValues(headers, "authorization")[0];
}

async function fetchSession(
  authorization: string | undefined,
  { clientCertificate }: Credential,
  { url, ...reach }: CsrfSettings,
): Promise<Token<CsrfSession>> {
  const shown = showUrl(url);
  const failed = (why: string, cause?: unknown): Problem =>
    new Problem("CSRF_REQUEST_FAILED", `failed to make a request to '${shown}': ${why}`, { cause });
  try {
    const { status, headers } = await callWithinOrigin({
      url,
      query: [],
      method: "GET",
      headers: [
        ...(authorization === undefined ? [] : ["Authorization", authorization]),
        "X-CSRF-Token",
        "fetch",
        "Accept",
        "*/*",
        "Cache-Control",
        "no-cache",
      ],
      reach,
      certificate: clientCertificate,
    });
    if (status !== 200) throw failed(`incorrect response code '${status}' while getting a CSRF token`);
    const session = readCsrfSession(
      headerValues(headers, "x-csrf-token"),
      headerValues(headers, "set-cookie"),
      Date.now(),
    );
    if (session === undefined) throw failed("the answer has no X-CSRF-Token");
    return session;
  } catch (cause) {
    throw cause instanceof CallFailure ? failed(cause.message, cause) : cause;
  }
}
