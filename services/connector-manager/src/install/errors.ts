import { CorrectionPostponedError, KubeError } from "@application-connector/kube";
import { type Failure, failed } from "../status/finding.ts";
import { DowngradeRefusedError } from "./downgrade.ts";

/** What went wrong with one object. */
export interface ObjectFailure {
  readonly what: string;
  readonly error: unknown;
}

const mostTold = 3;

/** What failures of objects mean for the whole; undefined when all of them only wait for their turn. */
export function failureOf(failures: readonly ObjectFailure[]): Failure | undefined {
  const real = failures.filter(({ error }) => !(error instanceof CorrectionPostponedError));
  if (real.length === 0) return undefined;
  const detail = real
    .slice(0, mostTold)
    .map(({ what, error }) => `${what}: ${messageOf(error)}`)
    .concat(real.length > mostTold ? [`and ${real.length - mostTold} more`] : [])
    .join("; ");
  const [first] = real;
  const refused = real.find(({ error }) => error instanceof KubeError && error.isForbidden);
  if (refused !== undefined) return failed("Error", "Forbidden", messageOf(refused.error), detail);
  if (first?.error instanceof DowngradeRefusedError) {
    return failed("Error", "DowngradeRefused", first.error.message);
  }
  const onlyOptional = real.every(({ what }) => what.startsWith("NetworkPolicy."));
  const reason = onlyOptional ? "OptionalManifestsReconciliationErr" : "ApplyObjError";
  return failed("Error", reason, "installation failed", detail);
}

/** What any error means for the whole. */
export function failureFrom(error: unknown): Failure {
  if (error instanceof DowngradeRefusedError) return failed("Error", "DowngradeRefused", error.message);
  const message = messageOf(error);
  const isForbidden = error instanceof KubeError ? error.isForbidden : /\bforbidden\b/.test(message);
  if (isForbidden) return failed("Error", "Forbidden", message);
  return failed("Error", "ApplyObjError", "installation failed", message);
}

/** How long until the first of those that wait may be tried again. */
export function postponedMs(failures: readonly ObjectFailure[]): number | undefined {
  const waits = failures.flatMap(({ error }) =>
    error instanceof CorrectionPostponedError ? [error.retryAfterMs] : [],
  );
  return waits.length === 0 ? undefined : Math.min(...waits);
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
