// Loaded only when spans are exported; nothing but `start.ts` may import it, and that lazily.

import { type Exchange, headerValues, type RawHeaders } from "@application-connector/forward";
import type { Tracing } from "@application-connector/service";
import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";
import { originForm } from "../path/request-target.ts";
import type { Route } from "../path/route.ts";
import { excerpt } from "./excerpt.ts";
import { b3Context, isTraceHeader } from "./remote-context.ts";
import type { RequestTrace, RequestTracer, SentTrace } from "./request-trace.ts";

export interface TracingOptions {
  /** Where events go, for the attributes. */
  readonly eventingHost: string;
  /** Whether the trace of a sender goes on here; else a new one begins, which is linked to it. */
  readonly trusted: boolean;
}

/** Traces requests by OpenTelemetry's conventions for HTTP. No span holds a query, a header or a body. */
export function createRequestTracer(tracing: Tracing, options: TracingOptions): RequestTracer {
  return { begin: (exchange) => new Spans(tracing, options, exchange) };
}

class Spans implements RequestTrace {
  readonly #tracing: Tracing;
  readonly #options: TracingOptions;
  readonly #method: string;
  readonly #server: Span;
  readonly #context: Context;

  constructor(tracing: Tracing, options: TracingOptions, exchange: Exchange) {
    this.#tracing = tracing;
    this.#options = options;
    this.#method = exchange.method;
    const attributes = {
      "http.request.method": exchange.method,
      "url.scheme": "http",
      "url.path": excerpt(originForm(exchange.url)?.split("?", 1)[0] ?? ""),
      "client.address": exchange.remoteAddress,
      "network.protocol.version": exchange.httpVersion,
    };
    const remote = remoteContext(tracing, exchange.headers);
    const sender = trace.getSpanContext(remote);
    const parent = options.trusted ? remote : ROOT_CONTEXT;
    const links = options.trusted || sender === undefined ? [] : [{ context: sender }];
    this.#server = tracing.tracer.startSpan(exchange.method, { kind: SpanKind.SERVER, attributes, links }, parent);
    this.#context = trace.setSpan(parent, this.#server);
  }

  accepted(application: string, route: Route): void {
    this.#server.updateName(`${this.#method} /${application}/${route}`);
    this.#server.setAttributes({
      "http.route": `/${application}/${route}`,
      "connectivity_validator.application": application,
    });
  }

  sending(headers: string[]): SentTrace {
    const { tracer, propagator } = this.#tracing;
    const { eventingHost, trusted } = this.#options;
    const { hostname, port } = new URL(`http://${eventingHost}`);
    const attributes = {
      "http.request.method": this.#method,
      "server.address": hostname,
      "server.port": Number(port || 80),
    };
    const span = tracer.startSpan(this.#method, { kind: SpanKind.CLIENT, attributes }, this.#context);
    if (propagator !== undefined) {
      const own = propagator.fields();
      remove(headers, (name) => own.includes(name) || (!trusted && isTraceHeader(name)));
      propagator.inject(trace.setSpan(this.#context, span), headers, setter);
    }
    return {
      answered(status) {
        span.setAttribute("http.response.status_code", status);
        if (status >= 400) fail(span, String(status));
        span.end();
      },
      failed(kind) {
        fail(span, kind);
        span.end();
      },
    };
  }

  ended(status: number, reason: string): void {
    if (status > 0) this.#server.setAttribute("http.response.status_code", status);
    if (reason !== "") this.#server.setAttribute("error.type", reason);
    // What a sender did wrong is no error of ours, by the conventions.
    if (status >= 500 || status === 0) fail(this.#server, reason || String(status));
    this.#server.end();
  }
}

function remoteContext({ propagator }: Tracing, headers: RawHeaders): Context {
  if (propagator === undefined) return ROOT_CONTEXT;
  const context = propagator.extract(ROOT_CONTEXT, headers, getter);
  if (trace.getSpanContext(context) !== undefined) return context;
  const b3: SpanContext | undefined = b3Context(headers);
  return b3 === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, b3);
}

function fail(span: Span, type: string): void {
  span.setAttribute("error.type", type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

const getter: TextMapGetter<RawHeaders> = {
  get: (headers, name) => {
    const values = headerValues(headers, name);
    // Two parents are none; the state may stand in several lines (W3C Trace Context, 3.3.1).
    return name === "traceparent" && values.length > 1 ? undefined : values.join(",") || undefined;
  },
  keys: () => [],
};

const setter: TextMapSetter<string[]> = { set: (headers, name, value) => void headers.push(name, value) };

function remove(headers: string[], isUnwanted: (lowerName: string) => boolean): void {
  let kept = 0;
  for (let at = 0; at < headers.length; at += 2) {
    if (isUnwanted((headers[at] as string).toLowerCase())) continue;
    headers[kept++] = headers[at] as string;
    headers[kept++] = headers[at + 1] as string;
  }
  headers.length = kept;
}
