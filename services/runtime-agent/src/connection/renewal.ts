export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export interface RenewalRule {
  /** Share of the validity below which a certificate is renewed. */
  readonly threshold: number;
  /** A certificate must outlast two rounds. */
  readonly minimalSyncTimeMs: number;
}

/** Whether it is time for a new certificate. Whole seconds, as certificates have them. */
export function renewalIsDue({ notBefore, notAfter }: Validity, rule: RenewalRule, now: number): boolean {
  const seconds = (ms: number): number => Math.floor(ms / 1000);
  const left = seconds(notAfter.getTime()) - seconds(now);
  const validity = seconds(notAfter.getTime()) - seconds(notBefore.getTime());
  return left < validity * rule.threshold || left < 2 * seconds(rule.minimalSyncTimeMs);
}
