import { headerValues } from "@application-connector/forward";
import { Problem } from "@application-connector/problem";
import { CallFailure, callWithinOrigin } from "./call-within-origin.ts";
import type { Credential, OutgoingCall } from "./credential.ts";
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
  /** Those of callers who bring a token of their own, apart from the others: anybody can make up as many as he likes. */
  readonly callerSessions: Tokens<CsrfSession>;
}

/**
 * Adds to a credential what systems against cross-site request forgery want with every call: a token that was fetched
 * with the same credential, and the cookies that came with it.
 */
export function withCsrf(credential: Credential, secret: Secret, settings: CsrfSettings): Credential {
  const { url } = settings;
  const data = JSON.stringify(Object.entries(secret.data).sort());
  const key = fingerprint(credential.type, ...settings.api, url, ...trustOf(settings), data);
  // A caller with a token of its own is somebody else: it gets a session of its own.
  const ofCaller = (authorization: string): Place => ({
    sessions: settings.callerSessions,
    key: fingerprint("Access-Token", key, authorization),
  });
  const own: Place = { sessions: settings.sessions, key };
  const placeOf = (call: OutgoingCall): Place => {
    const user = credential.userOf?.(call);
    return user === undefined ? own : { sessions: settings.callerSessions, key: fingerprint("user", key, user) };
  };

  const join = (place: Place, call: OutgoingCall, proof: () => CsrfProof): Promise<void> | undefined => {
    const session = place.sessions.get(place.key, () => fetchSession(proof(), call, credential, settings));
    if (session instanceof Promise) return session.then((fetched) => joinSession(call.headers, fetched));
    joinSession(call.headers, session);
    return undefined;
  };
  return {
    ...credential,
    replaces: [...credential.replaces, "x-csrf-token"],
    authorize(call) {
      const pending = credential.authorize(call);
      const next = (): Promise<void> | undefined => join(placeOf(call), call, () => ownProof(credential, call));
      return pending === undefined ? next() : pending.then(next);
    },
    accompany(call) {
      const given = authorizationOf(call.headers);
      return join(ofCaller(given ?? ""), call, () => ({
        headers: given === undefined ? [] : ["Authorization", given],
        seal: undefined,
      }));
    },
    refused(call) {
      credential.refused(call);
      const used = headerValues(call.headers, "x-csrf-token");
      const wasUsed = ({ token }: CsrfSession): boolean => used.includes(token);
      for (const place of [placeOf(call), ofCaller(authorizationOf(call.headers) ?? "")]) {
        place.sessions.forget(place.key, wasUsed);
      }
    },
  };
}

/** Where a session is kept. */
interface Place {
  readonly sessions: Tokens<CsrfSession>;
  readonly key: string;
}

/** What a request for a session proves itself with. */
interface CsrfProof {
  readonly headers: readonly string[];
  /** What signs it, or completes its query. */
  readonly seal: Credential["seal"];
}

/**
 * What the credential has added to a call. Other headers are the client's, an `Authorization` that no credential replaces
 * included: fetched with that, the session of one would be everybody's.
 */
function ownProof({ replaces, seal }: Credential, { headers }: OutgoingCall): CsrfProof {
  const own = headers.filter((_, index) => replaces.includes((headers[index - (index % 2)] as string).toLowerCase()));
  return { headers: own, seal };
}

function authorizationOf(headers: readonly string[]): string | undefined {
  return headerValues(headers, "authorization")[0];
}

async function fetchSession(
  proof: CsrfProof,
  { clientHeaders }: OutgoingCall,
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
      headers: [...proof.headers, "X-CSRF-Token", "fetch", "Accept", "*/*", "Cache-Control", "no-cache"],
      // One object: what it changes is what is sent.
      finish: (sent) => proof.seal?.(Object.assign(sent, { clientHeaders, body: undefined })),
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
