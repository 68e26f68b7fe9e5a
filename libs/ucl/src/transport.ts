import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Dispatcher } from "undici";
import { dataOf, type RawAnswer } from "./answer.ts";
import { type ClientIdentity, createDispatcher } from "./dispatchers.ts";
import { createIdentities } from "./identities.ts";
import { errorFromNetwork } from "./network-error.ts";
import { redactJson, redactText } from "./redact.ts";
import { UclError } from "./ucl-error.ts";

/** One GraphQL operation, sent as a POST. */
export interface UclCall {
  service: "connector" | "director";
  /** For messages, metrics and logs: the root field that is asked for. */
  operation: string;
  url: string;
  document: string;
  /** Values go here, never into the document. */
  variables?: Readonly<Record<string, unknown>> | undefined;
  /** `Connector-Token`, `Tenant`. The token is struck out of everything that is said. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as `x-request-id`. */
  requestId: string;
  signal?: AbortSignal | undefined;
  /** Asking twice is as good as once: a lost connection is tried again, and a 429 that says when. */
  repeatable?: boolean | undefined;
}

export interface Log {
  warn(details: object, message: string): void;
}

/** How a call ended, for metrics. `code` is `ok` or that of the {@link UclError}. */
export interface Exchange {
  readonly service: UclCall["service"];
  readonly operation: string;
  readonly code: string;
  readonly seconds: number;
}

export interface UclTransportOptions {
  /** Shown in handshakes; without one the calls are anonymous, and each has a connection of its own. */
  identity?: ClientIdentity | undefined;
  /** Takes any server certificate (false). */
  insecure?: boolean | undefined;
  /** PEM of authorities that are trusted beside those that Node trusts. */
  ca?: string | undefined;
  /** For one try, from begin to the end of the answer (30 s). */
  timeoutMs?: number | undefined;
  /** Larger answers are refused (128 MiB). */
  longestAnswerBytes?: number | undefined;
  /** Tells request and answer, without secrets, of calls that failed. */
  queryLogging?: boolean | undefined;
  log?: Log | undefined;
  observe?: ((exchange: Exchange) => void) | undefined;
}

export interface UclTransport {
  /**
   * The `data` of the answer, whose shape is for the caller to check.
   *
   * @throws {UclError}
   */
  send(call: UclCall): Promise<object>;
  /**
   * Shows another certificate from the next call on. What runs ends on its connection. Until the new one has got an
   * answer, a call in which UCL does not take it is made again with the one before.
   */
  present(identity: ClientIdentity): void;
  /** Trusts these authorities from the next call on. */
  trust(ca: string | undefined): void;
  stop(): Promise<void>;
}

const mostTries = 3;
const pauseMs = 200;
/** A server that asks for more patience is answered to the caller, who knows whether to wait. */
const longestPauseMs = 30_000;
const longestLogged = 10_000;

export function createUclTransport(options: UclTransportOptions = {}): UclTransport {
  const { timeoutMs = 30_000, longestAnswerBytes = 128 * 1024 * 1024, insecure = false, observe, log } = options;
  const identities = createIdentities(options, (identity, ca) =>
    createDispatcher(identity, { insecure, ca }, { timeoutMs, longestAnswerBytes, reuse: identity !== undefined }),
  );
  const stopping = new AbortController();

  async function tryOnce(call: UclCall, dispatcher: Dispatcher): Promise<object> {
    const what = `${call.service} ${call.operation}`;
    const { requestId } = call;
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([deadline, stopping.signal, ...(call.signal ? [call.signal] : [])]);
    const secrets = secretsOf(call);
    const started = performance.now();
    const sending = bodyOf(call);
    let answer: RawAnswer | undefined;
    let code = "ok";
    try {
      signal.throwIfAborted();
      answer = await exchange(call, dispatcher, sending, signal);
      return dataOf(answer, { what, requestId, secrets });
    } catch (cause) {
      const unsent = !sending.left;
      let error: UclError;
      if (deadline.aborted && answer === undefined) {
        const message = `${what}: no whole answer within ${timeoutMs} ms`;
        error = new UclError(message, { code: "timeout", what, requestId, unsent });
      } else if (signal.aborted && answer === undefined) {
        error = new UclError(`${what}: broken off`, { code: "stopped", what, requestId, unsent, cause });
      } else {
        error = errorFromNetwork(cause, { what, requestId, left: sending.left });
      }
      code = error.code;
      if (options.queryLogging) log?.warn(record(call, answer, error, secrets), "a call to UCL failed");
      throw error;
    } finally {
      const { service, operation } = call;
      observe?.({ service, operation, code, seconds: (performance.now() - started) / 1000 });
    }
  }

  /** With the certificate of now; with the one before, where a new one was never answered and is not taken. */
  async function tryIdentities(call: UclCall): Promise<object> {
    const current = identities.current();
    try {
      const data = await tryOnce(call, current.dispatcher);
      identities.proven(current);
      return data;
    } catch (error) {
      const before = identities.before(current);
      if (before === undefined || !(error instanceof UclError) || error.code !== "unauthenticated") throw error;
      return await tryOnce(call, before.dispatcher);
    }
  }

  return {
    async send(call) {
      for (let tries = 1; ; tries++) {
        try {
          return await tryIdentities(call);
        } catch (error) {
          const waitMs = call.repeatable && tries < mostTries ? pauseBefore(error) : undefined;
          if (waitMs === undefined) throw error;
          const signal = AbortSignal.any([stopping.signal, ...(call.signal ? [call.signal] : [])]);
          await sleep(waitMs, undefined, { signal }).catch(() => {
            throw error;
          });
        }
      }
    },
    present: identities.present,
    trust: identities.trust,
    async stop() {
      stopping.abort(new Error("the connection to UCL was stopped"));
      await identities.destroy();
    },
  };
}

async function exchange(
  { url, headers, requestId }: UclCall,
  dispatcher: Dispatcher,
  sending: Sending,
  signal: AbortSignal,
): Promise<RawAnswer> {
  const { origin, pathname, search } = new URL(url);
  const response = await dispatcher.request({
    origin,
    path: pathname + search,
    method: "POST",
    headers: {
      ...headers,
      "content-type": "application/json; charset=utf-8",
      accept: "application/json; charset=utf-8",
      "content-length": String(sending.length),
      "x-request-id": requestId,
    },
    body: sending.body,
    signal,
  });
  return { status: response.statusCode, headers: response.headers, text: await response.body.text() };
}

interface Sending {
  readonly length: number;
  readonly body: Readable;
  /** Whether the connection has asked for the first byte: only then was there one, with its handshake done. */
  readonly left: boolean;
}

function bodyOf({ document, variables }: UclCall): Sending {
  const bytes = Buffer.from(JSON.stringify({ query: document, variables: variables ?? {} }));
  let left = false;
  async function* chunks() {
    left = true;
    yield bytes;
  }
  return {
    length: bytes.length,
    // undici takes any iterable; its types know streams only.
    body: chunks() as unknown as Readable,
    get left() {
      return left;
    },
  };
}

const secretsOf = ({ headers = {} }: UclCall): string[] =>
  Object.entries(headers).flatMap(([name, value]) => (name.toLowerCase() === "connector-token" ? [value] : []));

/** How long to wait before a call that may be repeated is; undefined where that is of no use. */
function pauseBefore(error: unknown): number | undefined {
  if (!(error instanceof UclError)) return undefined;
  if (error.code === "connection-lost") return pauseMs * (0.5 + Math.random());
  if (error.code !== "rate-limited" || error.retryAfterMs === undefined) return undefined;
  return error.retryAfterMs > longestPauseMs ? undefined : error.retryAfterMs + pauseMs * Math.random();
}

function record(call: UclCall, answer: RawAnswer | undefined, err: UclError, secrets: readonly string[]): object {
  const { service, operation, url, document, variables, requestId } = call;
  return {
    requestId,
    service,
    operation,
    url: redactText(url, secrets),
    query: document,
    variables: redactJson(variables ?? {}, secrets),
    ...(answer ? { status: answer.status, answer: readable(answer.text, secrets) } : {}),
    err,
  };
}

/** An answer that is no JSON is a page of somebody in between; half an answer cannot be searched for secrets. */
function readable(text: string, secrets: readonly string[]): string {
  try {
    return redactJson(JSON.parse(text), secrets).slice(0, longestLogged);
  } catch {
    return /^\s*[[{]/.test(text)
      ? `${text.length} characters of broken JSON`
      : // No secret is as long as what is cut off before it is looked for.
        redactText(text.slice(0, 10_000), secrets).slice(0, 1_000);
  }
}
