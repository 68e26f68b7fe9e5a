import type { ForwardFailure } from "@application-connector/forward";
import { payloadTooLarge, type Refusal, refusals } from "./refusal.ts";

/** Eventing's server errors become 502, as upstream has it: they are the fault of what is behind us, not ours. */
export function rewriteResponse(status: number, headers: string[]): { status: number; headers: string[] } | undefined {
  if (status < 500 || status > 599) return undefined;
  headers.push("Target-System-Status", String(status), "Error-Reason", "eventing_error");
  return { status: 502, headers };
}

/** The answer when Eventing gave none. */
export function refusalFor({ kind }: ForwardFailure, maxBodyBytes: number): Refusal {
  switch (kind) {
    case "timeout":
      return refusals.eventingTimeout;
    case "request_body_timeout":
      return refusals.bodyTimeout;
    case "request_body_too_large":
      return payloadTooLarge(maxBodyBytes);
    case "queue_full":
      return refusals.overloaded;
    default:
      return refusals.eventingUnreachable;
  }
}
