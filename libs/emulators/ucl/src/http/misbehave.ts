import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyReply } from "fastify";
import type { FaultAction } from "../faults/faults.ts";

const bodies = {
  json: { type: "application/json", text: '{"errors":[{"message":"failing as told"}]}' },
  html: { type: "text/html; charset=utf-8", text: "<html><body><h1>upstream connect error</h1></body></html>" },
  empty: { type: "text/plain", text: "" },
} as const;

/** What an action does before a request is processed. True when there is nothing left to do. */
export async function misbehaveBefore(
  action: FaultAction,
  reply: FastifyReply,
  stopped: AbortSignal,
): Promise<boolean> {
  // A stop during the wait ends the connection anyway.
  if (action.delayMs) await sleep(action.delayMs, undefined, { signal: stopped }).catch(() => undefined);
  if (action.hang) {
    reply.hijack();
    return true;
  }
  if (action.reset === "before") {
    breakConnection(reply);
    return true;
  }
  if (action.rateLimit) {
    if (action.rateLimit !== true) reply.header("retry-after", String(action.rateLimit.retryAfterS));
    await reply.code(429).header("x-local-rate-limit", "true").type("text/plain").send("local_rate_limited");
    return true;
  }
  if (action.executed) return false;
  return misbehaveWithStatus(action, reply);
}

export async function misbehaveWithStatus(action: FaultAction, reply: FastifyReply): Promise<boolean> {
  if (action.status === undefined) return false;
  const { type, text } = bodies[action.body ?? "empty"];
  await reply.code(action.status).type(type).send(text);
  return true;
}

/** Ends the connection without a word: Node resets plain TCP only, and this is TLS. */
export function breakConnection(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.socket?.destroy();
}

/** Announces the whole body, sends half of it and breaks the connection. */
export function sendHalf(reply: FastifyReply, body: string): void {
  reply.hijack();
  const bytes = Buffer.from(body);
  reply.raw.writeHead(200, { "content-type": "application/json", "content-length": String(bytes.length) });
  reply.raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => reply.raw.socket?.destroy());
}
