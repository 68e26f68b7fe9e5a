/** Why an Application is not, or not wholly, as UCL describes it: the reason of its condition `Synced`. */
export const reasons = [
  "MalformedApplication",
  "NameConflict",
  "InvalidName",
  "ApplyFailed",
  "SecretFailed",
  "CredentialsIncomplete",
  "UnsupportedCredential",
  "GatewayPathConflict",
  "Paused",
] as const;

export type Reason = (typeof reasons)[number];

/** One thing that is wrong. The message is for people and never holds a value of a Secret. */
export interface Problem {
  readonly reason: Reason;
  readonly message: string;
}

/** Several as one: the reason of the worst, the words of all. */
export function worstOf(problems: readonly Problem[]): Problem | undefined {
  if (problems.length < 2) return problems[0];
  const sorted = problems.toSorted((one, other) => reasons.indexOf(one.reason) - reasons.indexOf(other.reason));
  return { reason: (sorted[0] as Problem).reason, message: sorted.map(({ message }) => message).join("; ") };
}
