import type { DeliveryFailure } from "../delivery/delivery.ts";
import { payloadTooLarge, type Refusal, refusals } from "./refusal.ts";

export interface Rewritten {
  readonly status: number;
  readonly headers: string[];
  /** Why the status is not the client's success. */
  readonly reason: string | undefined;
}

/**
 * Eventing's server errors become 502, as upstream has it: they are the fault of what is behind us, not ours. Some may
 * be passed on, for clients that do something about them.
 */
export function rewriteResponse(status: number, headers: string[], passed: ReadonlySet<number>): Rewritten {
  if (status < 500 || status > 599) return { status, headers, reason: undefined };
  headers.push("Target-System-Status", String(status), "Error-Reason", "eventing_error");
  return { status: passed.has(status) ? status : 502, headers, reason: "eventing_error" };
}

/** The answer when Eventing gave none. */
export function refusalFor({ kind }: DeliveryFailure, maxBodyBytes: number): Refusal {
  switch (kind) {
    case "timeout":
      return refusals.eventingTimeout;
    case "request_body_timeout":
      return refusals.bodyTimeout;
    case "request_body_too_large":
      return payloadTooLarge(maxBodyBytes);
    case "queue_full":
      return refusals.overloaded;
    case "circuit_open":
      return refusals.circuitOpen;
    case "spool_full":
      return refusals.spoolFull;
    case "spool_failed":
      return refusals.spoolFailed;
    default:
      return refusals.eventingUnreachable;
  }
}

/** Whether a failure says nothing about Eventing. */
export function isSenderAtFault({ kind }: DeliveryFailure): boolean {
  return kind === "request_body_timeout" || kind === "request_body_too_large" || kind === "client_gone";
}
