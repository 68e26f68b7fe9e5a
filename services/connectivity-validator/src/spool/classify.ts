import { headerValues } from "@application-connector/forward";
import type { DeliveryFailure, DeliveryResult } from "../delivery/delivery.ts";

/** What an attempt to deliver means for the event. */
export type Outcome =
  | { readonly outcome: "delivered" }
  /** Eventing will never take it. */
  | { readonly outcome: "refused"; readonly reason: string }
  /** Another time; not before `afterMs` have passed, if Eventing says so. */
  | { readonly outcome: "later"; readonly why: string; readonly afterMs: number | undefined };

/** Longer is not believed. */
const longestWaitMs = 300_000;

export function classify(result: DeliveryResult, nowMs: number): Outcome {
  if (!("status" in result)) return { outcome: "later", why: describe(result), afterMs: undefined };
  const { status, headers } = result;
  if (status < 300) return { outcome: "delivered" };
  const isRefused = status >= 400 && status < 500 && status !== 408 && status !== 429;
  if (isRefused) return { outcome: "refused", reason: `status_${status}` };
  return { outcome: "later", why: `status ${status}`, afterMs: retryAfterMs(headers, nowMs) };
}

/** In seconds or as a date (RFC 9110, section 10.2.3). */
function retryAfterMs(headers: readonly string[], nowMs: number): number | undefined {
  const [value] = headerValues(headers, "retry-after");
  if (value === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), longestWaitMs);
}

function describe({ kind, error }: DeliveryFailure): string {
  return error === undefined ? kind : `${kind}: ${error.message}`;
}

const firstDelayMs = 250;
const longestDelayMs = 30_000;

/** How long to wait before another attempt, after so many have failed: doubling, spread by up to a fifth. */
export function retryDelayMs(attempts: number, random: () => number = Math.random): number {
  const delay = Math.min(firstDelayMs * 2 ** (attempts - 1), longestDelayMs);
  return Math.round(delay * (0.8 + 0.4 * random()));
}
