import { Client, type Dispatcher } from "undici";
import { type HttpUrl, splitHttpUrl } from "./http-url.ts";
import { mergeQuery, type QueryAddition } from "./query.ts";

/** A call that fetches something a credential needs, such as a token. Its headers are secret. */
export interface CredentialCall {
  readonly url: string;
  readonly query: readonly QueryAddition[];
  readonly method: "GET" | "POST";
  readonly body?: string;
  readonly headers: readonly string[];
  readonly tls: { readonly rejectUnauthorized: boolean; readonly cert?: string; readonly key?: string };
  /** From the first packet to the last byte of the last answer. */
  readonly timeoutMs: number;
}

export interface CredentialAnswer {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData["headers"];
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
  const client = new Client(url.origin, {
    connect: { ...call.tls, timeout: call.timeoutMs },
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: 0,
  });
  // Its own deadline: callers share the result, so no single caller's abort may end it.
  const signal = AbortSignal.timeout(call.timeoutMs);
  try {
    return await follow(client, url, call, signal);
  } catch (cause) {
    if (cause instanceof CallFailure) throw cause;
    const why = signal.aborted ? `no complete answer within ${call.timeoutMs / 1000} s` : describe(cause);
    throw new CallFailure(why, { cause });
  } finally {
    void client.destroy().catch(() => undefined);
  }
}

async function follow(
  client: Client,
  url: HttpUrl,
  call: CredentialCall,
  signal: AbortSignal,
): Promise<CredentialAnswer> {
  let at = url;
  let { method } = call;
  for (let hops = 0; ; hops++) {
    const response = await client.request({
      method,
      path: pathOf(at, call.query),
      headers: method === call.method ? [...call.headers] : withoutContent(call.headers),
      body: method === "POST" ? (call.body ?? null) : null,
      signal,
    });
    const { statusCode: status, headers } = response;
    const { location } = headers;
    if (!redirects.has(status) || typeof location !== "string") {
      return { status, headers, body: await readBounded(response.body) };
    }
    response.body.on("error", () => undefined).destroy();
    const next = URL.parse(location, `${at.origin}${at.path}`);
    if (next?.origin !== url.origin) throw new CallFailure("a redirect to another origin is not followed");
    if (hops === mostRedirects) throw new CallFailure(`more than ${mostRedirects} redirects`);
    at = { origin: next.origin, path: next.pathname, query: next.search.slice(1) || undefined };
    if (status < 307) method = "GET";
  }
}

function pathOf({ path, query }: HttpUrl, additions: readonly QueryAddition[]): string {
  if (additions.length === 0) return query === undefined ? path : `${path}?${query}`;
  return `${path}?${mergeQuery(query ?? "", additions)}`;
}

/** A GET in place of a POST has no content to describe. */
function withoutContent(headers: readonly string[]): string[] {
  return headers.filter((_, index) => headers[index - (index % 2)]?.toLowerCase() !== "content-type");
}

async function readBounded(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) throw new CallFailure(`an answer of more than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return error.message !== "" ? error.message : (code ?? error.name);
}
