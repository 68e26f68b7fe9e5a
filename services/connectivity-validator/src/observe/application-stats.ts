/** How often an Application's requests ended how. */
export class ApplicationStats {
  readonly answers = new Map<
    string,
    { readonly route: string; readonly code: number; readonly reason: string; count: number }
  >();
  /** Events that had been stored before, and were not handed on again. */
  repeated = 0;
  /** Events that were stored, and that nobody has subscribed to. */
  unheard = 0;
  /** When the last event was taken, in ms since the epoch. */
  lastAcceptedMs: number | undefined;
  /** The last request that was not. */
  lastRefusal: { readonly atMs: number; readonly reason: string } | undefined;
  /** When the last certificate that was read of a caller expires, in ms since the epoch. */
  certificateExpiryMs: number | undefined;
  /** The certificate whose end was warned about last. */
  warnedOf: string | undefined;

  /** How many of them ended for this reason. */
  countOf(reason: string): number {
    let sum = 0;
    for (const answer of this.answers.values()) if (answer.reason === reason) sum += answer.count;
    return sum;
  }

  count(route: string, code: number, reason: string): void {
    const key = `${route} ${code} ${reason}`;
    const known = this.answers.get(key);
    if (known === undefined) this.answers.set(key, { route, code, reason, count: 1 });
    else known.count++;
  }
}
