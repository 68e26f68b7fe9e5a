import { setTimeout as delay } from "node:timers/promises";
import { TLSSocket } from "node:tls";
import type { FastifyReply, FastifyRequest } from "fastify";

/**
 * What the token endpoint does instead of answering properly: a status (201 with a good token, else an error body), a
 * body that is no JSON, an answer without token, silence, a broken connection, a redirect, a late but good answer, or
 * any answer at all.
 */
export type FailureMode =
  | number
  | "garbage"
  | "missing_token"
  | "hang"
  | "reset"
  | { redirect: string; status?: 301 | 302 | 303 | 307 | 308 }
  | { slowMs: number }
  | { status?: number; body: string; contentType?: string };

export interface Failures {
  fail(mode: FailureMode, times?: number): void;
  heal(): void;
  /** The failure for the next request, counted down. */
  next(): FailureMode | undefined;
}

/** Failures queue up: each is used for its number of requests, then the next one. */
export function createFailures(): Failures {
  let queue: { mode: FailureMode; left: number }[] = [];
  return {
    fail(mode, times = Number.POSITIVE_INFINITY) {
      if (times > 0) queue.push({ mode, left: times });
    },
    heal() {
      queue = [];
    },
    next() {
      const [first] = queue;
      if (first === undefined) return undefined;
      first.left -= 1;
      if (first.left <= 0) queue.shift();
      return first.mode;
    },
  };
}

/** Plays a failure. Answers "proceed" when the proper answer shall follow, with the status it shall have. */
export async function playFailure(
  mode: FailureMode,
  request: FastifyRequest,
  reply: FastifyReply,
  stopped: AbortSignal,
): Promise<{ proceed: boolean; status: number }> {
  const done = { proceed: false, status: 0 };
  if (typeof mode === "number" && mode < 300) return { proceed: true, status: mode };
  if (typeof mode === "number") {
    await reply.code(mode).send(errorBody(mode));
  } else if (mode === "garbage") {
    await reply.code(200).type("application/json").send("xx");
  } else if (mode === "missing_token") {
    await reply.code(200).send({ token_type: "Bearer", expires_in: 300 });
  } else if (mode === "hang") {
    reply.hijack();
  } else if (mode === "reset") {
    reply.hijack();
    const { socket } = request.raw;
    // Node resets plain TCP only; an encrypted connection ends without a word instead.
    if (socket instanceof TLSSocket) socket.destroy();
    else socket.resetAndDestroy();
  } else if ("redirect" in mode) {
    await reply
      .code(mode.status ?? 302)
      .header("location", mode.redirect)
      .send();
  } else if ("slowMs" in mode) {
    // A stop during the wait ends the connection anyway.
    await delay(mode.slowMs, undefined, { signal: stopped }).catch(() => undefined);
    return { proceed: true, status: 200 };
  } else {
    await reply
      .code(mode.status ?? 200)
      .type(mode.contentType ?? "application/json")
      .send(mode.body);
  }
  return done;
}

function errorBody(status: number): { error: string; error_description: string } {
  const error = { 400: "invalid_request", 401: "invalid_client", 403: "access_denied" }[status];
  return { error: error ?? "server_error", error_description: "failing as told" };
}
