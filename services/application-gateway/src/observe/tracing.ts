// Loaded only when spans are exported; nothing but `start.ts` may import it, and that lazily.

import { AsyncLocalStorage } from "node:async_hooks";
import { type Exchange, headerValues, type Outcome } from "@application-connector/forward";
import { Problem } from "@application-connector/problem";
import type { Tracing } from "@application-connector/service";
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";
import type { CallTrace, CallTracer } from "./call-trace.ts";
import type { Labels } from "./entry-stats.ts";
import { shownTarget } from "./shown-target.ts";

/** Traces calls by OpenTelemetry's conventions for HTTP. No span holds a query, a header or a body. */
export function createCallTracer(tracing: Tracing): CallTracer {
  /** The call that a request for a token belongs to: credentials know nothing of calls. */
  const current = new AsyncLocalStorage<Context>();
  return {
    begin: (exchange, requestId) => new Spans(tracing, current, exchange, requestId),
    fetches: (name, url) => () => {
      const parent = current.getStore() ?? ROOT_CONTEXT;
      const span = tracing.tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes: addressOf(url) }, parent);
      return ({ error }) => {
        if (error !== undefined) failed(span, error instanceof Problem ? error.reason : "internal", messageOf(error));
        span.end();
      };
    },
  };
}

class Spans implements CallTrace {
  readonly #tracing: Tracing;
  readonly #current: AsyncLocalStorage<Context>;
  readonly #method: string;
  readonly #server: Span;
  readonly #context: Context;
  #client: Span | undefined;
  #sent = 0;

  constructor(tracing: Tracing, current: AsyncLocalStorage<Context>, exchange: Exchange, requestId: string) {
    this.#tracing = tracing;
    this.#current = current;
    this.#method = exchange.method;
    const parent = tracing.propagator?.extract(ROOT_CONTEXT, exchange.headers, getter) ?? ROOT_CONTEXT;
    const attributes = {
      "http.request.method": exchange.method,
      "url.scheme": "http",
      "url.path": shownTarget(exchange.url),
      "client.address": exchange.remoteAddress,
      "network.protocol.version": exchange.httpVersion,
      "application_gateway.request_id": requestId,
    };
    this.#server = tracing.tracer.startSpan(exchange.method, { kind: SpanKind.SERVER, attributes }, parent);
    this.#context = trace.setSpan(parent, this.#server);
  }

  get traceId(): string {
    return this.#server.spanContext().traceId;
  }

  found({ application, service, entry }: Labels): void {
    const route = `/${[application, service, entry].filter((segment) => segment !== "").join("/")}`;
    this.#server.updateName(`${this.#method} ${route}`);
    this.#server.setAttributes({
      "http.route": route,
      "application_gateway.application": application,
      "application_gateway.service": service,
      "application_gateway.entry": entry,
    });
  }

  run<T>(action: () => T): T {
    return this.#current.run(this.#context, action);
  }

  forwarding(headers: string[], origin: string, path: string, dropped: ReadonlySet<string> | undefined): void {
    const { tracer, propagator } = this.#tracing;
    const url = origin + shownTarget(path);
    const attributes: Attributes = { "http.request.method": this.#method, ...addressOf(url) };
    if (this.#sent > 0) attributes["http.request.resend_count"] = this.#sent;
    this.#sent++;
    this.#client = tracer.startSpan(this.#method, { kind: SpanKind.CLIENT, attributes }, this.#context);
    if (propagator === undefined || dropped?.has("traceparent")) return;
    remove(headers, propagator.fields());
    propagator.inject(trace.setSpan(this.#context, this.#client), headers, setter);
  }

  responded(status: number): void {
    const span = this.#client;
    span?.setAttribute("http.response.status_code", status);
    if (span !== undefined && status >= 400) failed(span, String(status));
  }

  retrying(reason: string): void {
    const span = this.#client;
    this.#client = undefined;
    if (span === undefined) return;
    const status = Number(reason);
    if (status > 0) span.setAttribute("http.response.status_code", status);
    if (reason !== "redirect") failed(span, reason);
    span.end();
  }

  done({ status, targetStatus, failure, complete }: Outcome, problem: Problem | undefined): void {
    if (this.#client !== undefined) {
      if (targetStatus === undefined || (failure !== undefined && !complete)) {
        failed(this.#client, failure?.kind ?? "internal", problem?.message);
      }
      this.#client.end();
    }
    if (status > 0) this.#server.setAttribute("http.response.status_code", status);
    if (problem !== undefined) this.#server.setAttribute("error.type", problem.reason);
    if (status >= 500 || status === 0 || failure !== undefined) {
      failed(this.#server, problem?.reason ?? failure?.kind ?? String(status), problem?.message);
    }
    this.#server.end();
  }
}

function failed(span: Span, type: string, message?: string): void {
  span.setAttribute("error.type", type);
  span.setStatus({ code: SpanStatusCode.ERROR, ...(message === undefined ? {} : { message }) });
}

function messageOf(error: unknown): string | undefined {
  // Of others nobody knows what they quote.
  return error instanceof Problem ? error.message : undefined;
}

function addressOf(url: string): Attributes {
  const { hostname, port, protocol } = URL.parse(url) ?? {};
  if (hostname === undefined) return {};
  return {
    "url.full": url,
    "server.address": hostname,
    "server.port": Number(port || (protocol === "https:" ? 443 : 80)),
  };
}

const getter: TextMapGetter<Exchange["headers"]> = {
  get: (headers, name) => {
    const values = headerValues(headers, name);
    // Two parents are none; the state may stand in several lines (W3C Trace Context, 3.3.1).
    return name === "traceparent" && values.length > 1 ? undefined : values.join(",") || undefined;
  },
  keys: () => [],
};

const setter: TextMapSetter<string[]> = { set: (headers, name, value) => void headers.push(name, value) };

function remove(headers: string[], names: readonly string[]): void {
  let kept = 0;
  for (let i = 0; i < headers.length; i += 2) {
    if (names.includes((headers[i] as string).toLowerCase())) continue;
    headers[kept] = headers[i] as string;
    headers[kept + 1] = headers[i + 1] as string;
    kept += 2;
  }
  headers.length = kept;
}
