import { headerValues, type RawHeaders } from "@application-connector/forward";
import { type SpanContext, TraceFlags } from "@opentelemetry/api";

const single = /^([\da-f]{16}|[\da-f]{32})-([\da-f]{16})(?:-([01d]))?(?:-[\da-f]{16})?$/;
const traceIdShape = /^(?:[\da-f]{16}|[\da-f]{32})$/;
const spanIdShape = /^[\da-f]{16}$/;
const nothing = /^0+$/;

/**
 * The span that a sender's proxies speak of in Zipkin's B3 headers, the one or the many. A decision about sampling that
 * they leave open is ours, and it is yes.
 */
export function b3Context(headers: RawHeaders): SpanContext | undefined {
  const only = (name: string): string => {
    const [value = "", ...more] = headerValues(headers, name);
    return more.length === 0 ? value.trim().toLowerCase() : "";
  };
  const [, traceId = only("x-b3-traceid"), spanId = only("x-b3-spanid"), decision = sampled(only)] =
    single.exec(only("b3")) ?? [];
  if (!traceIdShape.test(traceId) || !spanIdShape.test(spanId)) return undefined;
  if (nothing.test(traceId) || nothing.test(spanId)) return undefined;
  const traceFlags = decision === "0" || decision === "false" ? TraceFlags.NONE : TraceFlags.SAMPLED;
  return { traceId: traceId.padStart(32, "0"), spanId, traceFlags, isRemote: true };
}

const sampled = (only: (name: string) => string): string =>
  only("x-b3-flags") === "1" ? "1" : only("x-b3-sampled") || "1";

/** Headers that say in which trace a request is. */
export function isTraceHeader(lowerName: string): boolean {
  return (
    lowerName === "traceparent" || lowerName === "tracestate" || lowerName === "b3" || lowerName.startsWith("x-b3-")
  );
}
