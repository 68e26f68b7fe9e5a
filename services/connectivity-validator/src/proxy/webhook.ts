import { type Answer, headerValues, type RawHeaders } from "@application-connector/forward";
import type { InboundSettings } from "../policy/settings.ts";

/**
 * Tells a sender whether it may post events here (HTTP 1.1 Web Hooks for Event Delivery 1.0.2, section 4). Without a
 * known origin nothing is granted; that is the refusal.
 */
export function answerHandshake(
  headers: RawHeaders,
  allowedOrigins: readonly string[],
  { rateLimit }: Pick<InboundSettings, "rateLimit">,
): Answer {
  const allow = ["Allow", "POST, OPTIONS"];
  const [origin, ...more] = headerValues(headers, "webhook-request-origin");
  const isGranted =
    origin !== undefined &&
    more.length === 0 &&
    allowedOrigins.some((allowed) => allowed === "*" || allowed.toLowerCase() === origin.toLowerCase());
  if (!isGranted) return { status: 200, headers: allow };
  // Requests per minute.
  const rate = rateLimit === undefined ? "*" : String(Math.max(1, Math.floor(rateLimit.perSecond * 60)));
  return { status: 200, headers: [...allow, "WebHook-Allowed-Origin", origin, "WebHook-Allowed-Rate", rate] };
}
