import { UclError } from "../ucl-error.ts";

/** A smaller question may be answered: this one took too long, or was too large for something on the way. */
export function isTooMuch(error: unknown): boolean {
  if (!(error instanceof UclError)) return false;
  return error.code === "timeout" || error.code === "too-large" || [413, 502, 503, 504].includes(error.status);
}

export const isRateLimited = (error: unknown): boolean => error instanceof UclError && error.code === "rate-limited";

export const retryAfterMs = (error: unknown): number | undefined =>
  error instanceof UclError ? error.retryAfterMs : undefined;

const notFound = 20;
const invalidOperation = 27;

/** There is no such application, or it shares no formation with the runtime that asks. */
export function isNoneOfOurs(error: unknown): boolean {
  if (!(error instanceof UclError)) return false;
  return error.directorCode === notFound || error.directorCode === invalidOperation;
}
