import { headerValues } from "@application-connector/forward";

/** How long a response asks to be left alone, in ms: seconds or a date (RFC 9110, 10.2.3). 0 when it does not say. */
export function retryAfterMs(headers: readonly string[], nowMs: number): number {
  const [text = ""] = headerValues(headers, "retry-after");
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return ms > 0 ? ms : 0;
}
