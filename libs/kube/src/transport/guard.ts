/** The right to write: looked at in the last moment before a request leaves, and watched until its answer is there. */
export interface Guard {
  /** Aborts when the right is lost. */
  readonly signal: AbortSignal;
  /** Throws when the right is lost, whether or not anybody had the time to notice. */
  check(): void;
}
