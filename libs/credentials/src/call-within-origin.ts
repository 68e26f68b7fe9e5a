import {
  createTarget,
  type ForwardFailure,
  headerValues,
  type OwnResponse,
  type RawHeaders,
  send,
  type Target,
} from "@application-connector/forward";
import type { ClientCertificate } from "./credential.ts";
import { type HttpUrl, splitHttpUrl } from "./http-url.ts";
import { mergeQuery, type QueryAddition } from "./query.ts";
import { type Reach, targetOptions } from "./reach.ts";

/** A call that fetches something a credential needs, such as a token. Its headers are secret. */
export interface CredentialCall {
  readonly url: string;
  readonly query: readonly QueryAddition[];
  readonly method: "GET" | "POST";
  readonly body?: string;
  readonly headers: readonly string[];
  /** May change what is sent; also for each redirect. */
  readonly finish?: (sent: SentCall) => void;
  readonly reach: Reach;
  /** What is shown in the TLS handshake. */
  readonly certificate?: Pick<ClientCertificate, "cert" | "key"> | undefined;
}

export interface SentCall {
  readonly method: string;
  readonly origin: string;
  path: string;
  readonly headers: string[];
}

export interface CredentialAnswer {
  readonly status: number;
  readonly headers: RawHeaders;
  readonly body: string;
}

/** Why there is no answer. The message is for callers: it holds nothing secret. */
export class CallFailure extends Error {
  override readonly name = "CallFailure";
}

const mostRedirects = 10;
const mostBytes = 1024 * 1024;
const redirects = new Set([301, 302, 303, 307, 308]);

/** Makes the call and follows redirects within the same origin only: nothing secret goes anywhere else. */
export async function callWithinOrigin(call: CredentialCall): Promise<CredentialAnswer> {
  const url = splitHttpUrl(call.url);
  if (url === undefined) throw new CallFailure("no valid http or https URL");
  // A connection per call, as upstream: these are rare, and a stale connection must not cost one.
  const target = open(url.origin, call);
  try {
    return await follow(target, url, call);
  } finally {
    void target.destroy().catch(() => undefined);
  }
}

function open(origin: string, { reach, certificate }: CredentialCall): Target {
  try {
    return createTarget(targetOptions(origin, reach, certificate));
  } catch (cause) {
    // TLS has demands of its own on what can be read well, such as a longer key.
    throw new CallFailure(cause instanceof Error ? cause.message : "TLS can't be prepared", { cause });
  }
}

async function follow(target: Target, url: HttpUrl, call: CredentialCall): Promise<CredentialAnswer> {
  const { timeoutMs } = call.reach;
  const endsAt = performance.now() + timeoutMs;
  let at = url;
  let { method } = call;
  for (let hops = 0; ; hops++) {
    const sent: SentCall = {
      method,
      origin: at.origin,
      path: pathOf(at, call.query),
      headers: [...hostOf(at), ...(method === call.method ? call.headers : withoutContent(call.headers))],
    };
    call.finish?.(sent);
    const response = await send(target, {
      method,
      path: sent.path,
      headers: sent.headers,
      ...(method === "POST" && call.body !== undefined ? { body: Buffer.from(call.body) } : {}),
      timeoutMs: Math.max(1, endsAt - performance.now()),
      maxResponseBytes: mostBytes,
    });
    if (!isResponse(response)) throw failureOf(response, timeoutMs);
    const { status, headers, body } = response;
    const [location] = headerValues(headers, "location");
    if (!redirects.has(status) || location === undefined) return { status, headers, body: body.toString("utf8") };
    const next = URL.parse(location, `${at.origin}${at.path}`);
    if (next?.origin !== url.origin) throw new CallFailure("a redirect to another origin is not followed");
    if (hops === mostRedirects) throw new CallFailure(`more than ${mostRedirects} redirects`);
    at = { origin: next.origin, path: next.pathname, query: next.search.slice(1) || undefined };
    if (status < 307) method = "GET";
  }
}

function isResponse(result: OwnResponse | ForwardFailure): result is OwnResponse {
  return "status" in result;
}

function hostOf({ origin }: HttpUrl): string[] {
  return ["Host", new URL(origin).host];
}

function pathOf({ path, query }: HttpUrl, additions: readonly QueryAddition[]): string {
  if (additions.length === 0) return query === undefined ? path : `${path}?${query}`;
  return `${path}?${mergeQuery(query ?? "", additions)}`;
}

/** A GET in place of a POST has no content to describe. */
function withoutContent(headers: readonly string[]): string[] {
  return headers.filter((_, index) => headers[index - (index % 2)]?.toLowerCase() !== "content-type");
}

function failureOf({ kind, error }: ForwardFailure, timeoutMs: number): CallFailure {
  if (kind === "timeout") {
    return new CallFailure(`no complete answer within ${timeoutMs / 1000} s`, { cause: error });
  }
  const code = error !== undefined && "code" in error && typeof error.code === "string" ? error.code : kind;
  return new CallFailure(error?.message || code, { cause: error });
}
