import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Received } from "./request-log.ts";

/** One request and its answer, as the routes see them: the raw halves, and what is known of the request. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  received: Received;
  query: URLSearchParams;
  /** All of it, where a guard has read it already. */
  body?: Buffer;
}

export type Handler = (exchange: Exchange) => Promise<void> | void;

const exchanges = new WeakMap<IncomingMessage, Exchange>();

/** Makes the exchange known to the route that will serve its request. */
export function announce(exchange: Exchange): void {
  exchanges.set(exchange.request, exchange);
}

/**
 * Serves a path with any method. The answer is written by the handler on the raw response: this system exists to send
 * what a well-behaved framework would not.
 */
export function serve(app: FastifyInstance, path: string, handler: Handler): void {
  app.all(path, hijacked(handler));
}

/** The handler as Fastify takes it, for places that are no path. */
export function hijacked(handler: Handler): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  return async ({ raw }, reply) => {
    reply.hijack();
    const exchange = exchanges.get(raw);
    if (exchange === undefined) return void raw.destroy();
    try {
      await handler(exchange);
    } catch {
      // The client broke off; there is nobody left to answer.
      raw.destroy();
    }
  };
}

/** A number out of the query; what is no number within the bounds counts as absent. */
export function integer(query: URLSearchParams, name: string, fallback: number, max = 3_600_000): number {
  return boundedInteger(query.get(name), fallback, max);
}

export function boundedInteger(text: string | null | undefined, fallback: number, max: number): number {
  return text && /^\d{1,15}$/.test(text) && Number(text) <= max ? Number(text) : fallback;
}

/** Answers with a JSON body, for everything that needs no special wire form. */
export function sendJson(response: ServerResponse, status: number, value: unknown, headers: string[] = []): void {
  const body = Buffer.from(JSON.stringify(value));
  const hasBody = status !== 204 && status !== 304;
  const framing = hasBody ? ["content-type", "application/json", "content-length", String(body.length)] : [];
  response.writeHead(status, [...headers, ...framing]);
  response.end(hasBody ? body : undefined);
}
