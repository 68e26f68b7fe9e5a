import { headerValues, type RawHeaders } from "@application-connector/forward";
import { excerpt } from "./excerpt.ts";

/** The fields that tie a log line to a request: upstream's two, and the W3C trace id when there is one. */
export interface TraceFields {
  readonly traceid: string;
  readonly spanid: string;
  readonly trace_id?: string;
}

const traceparentShape = /^(?!ff)[\da-f]{2}-((?!0{32})[\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}(?:-.*)?$/;

export function traceFields(headers: RawHeaders): TraceFields {
  const traceparents = headerValues(headers, "traceparent");
  const traceId = traceparents.length === 1 ? traceparentShape.exec(traceparents[0] ?? "")?.[1] : undefined;
  return {
    traceid: joined(headers, "x-b3-traceid"),
    spanid: joined(headers, "x-b3-spanid"),
    ...(traceId === undefined ? {} : { trace_id: traceId }),
  };
}

const joined = (headers: RawHeaders, lowerName: string): string =>
  excerpt(headerValues(headers, lowerName).join(";")) || "unknown";
