export interface CircuitOptions {
  /** So many failures one after the other, all within the window, open it. 0: it never opens. */
  readonly failures: number;
  readonly windowMs: number;
  /** While it is open, one call so often finds out whether it may be closed. */
  readonly probeMs: number;
}

/** Spares an Eventing that only fails the calls that would fail as well, and their senders the wait. */
export class Circuit {
  opened = 0;
  private readonly options: CircuitOptions;
  /** When the last failures happened, oldest first; a success forgets them. */
  private failedAt: number[] = [];
  private nextProbeAt: number | undefined = undefined;

  constructor(options: CircuitOptions) {
    this.options = options;
  }

  get isOpen(): boolean {
    return this.nextProbeAt !== undefined;
  }

  /** Whether Eventing may be called now; a probe is let through at most once per interval. */
  admits(nowMs: number): boolean {
    if (this.nextProbeAt === undefined) return true;
    if (nowMs < this.nextProbeAt) return false;
    this.nextProbeAt = nowMs + this.options.probeMs;
    return true;
  }

  /** Who was admitted has not called after all: the next one may. */
  giveBack(nowMs: number): void {
    if (this.isOpen) this.nextProbeAt = nowMs;
  }

  succeeded(): void {
    if (this.failedAt.length > 0) this.failedAt = [];
    this.nextProbeAt = undefined;
  }

  failed(nowMs: number): void {
    const { failures, windowMs, probeMs } = this.options;
    if (failures === 0 || this.isOpen) return;
    this.failedAt.push(nowMs);
    if (this.failedAt.length < failures) return;
    if (nowMs - (this.failedAt.shift() as number) > windowMs) return;
    this.failedAt = [];
    this.nextProbeAt = nowMs + probeMs;
    this.opened++;
  }
}

/** Answers that say that Eventing, or what is behind it, cannot take any event; a 500 may be the fault of this one. */
export const isOutage = (status: number): boolean =>
  status === 502 || status === 503 || status === 504 || status === 507;
