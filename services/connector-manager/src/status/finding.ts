/** How a look at the served object ended, in the words of its condition Installed and in more of them. */
export type Finding =
  | { readonly kind: "initialized" }
  /** Everything is applied; something is not ready yet. */
  | { readonly kind: "verifying"; readonly detail: string }
  | { readonly kind: "ready" }
  | Failure
  | { readonly kind: "deleting"; readonly detail: string }
  /** Applications exist, and the policy is to keep them. */
  | { readonly kind: "blocked"; readonly detail: string }
  | { readonly kind: "deletion failed"; readonly detail: string };

export interface Failure {
  readonly kind: "failed";
  /** Warning: somebody has to do something, and the manager goes on when it is done. */
  readonly state: "Error" | "Warning";
  readonly reason: FailureReason;
  /** In upstream's words where it has some. */
  readonly message: string;
  /** What exactly, and what to do. */
  readonly detail: string;
}

export type FailureReason =
  | "ApplyObjError"
  | "OptionalManifestsReconciliationErr"
  | "VerificationErr"
  | "DomainNotFound"
  | "RenderError"
  | "InvalidSpec"
  | "Forbidden"
  | "RolloutStalled"
  | "DowngradeRefused";

export const failed = (
  state: Failure["state"],
  reason: FailureReason,
  message: string,
  detail: string = message,
): Failure => ({ kind: "failed", state, reason, message, detail });
