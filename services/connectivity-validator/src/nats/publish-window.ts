export interface WindowOptions {
  /** Messages that may wait for their acknowledgement. */
  readonly size: number;
  /** Messages that may wait to be published. */
  readonly maxWaiting: number;
  /** How long they may wait. */
  readonly waitMs: number;
  readonly now?: () => number;
}

/** Why a message may not be published. */
export type Refused = "full" | "too_late";

interface Waiting {
  readonly since: number;
  readonly enter: (refused: Refused | undefined) => void;
}

/**
 * Bounds what is published and not acknowledged. A stream takes so many messages at a time and refuses what is beyond,
 * which would come behind what follows it. Whoever waits enters in the order of coming.
 */
export class PublishWindow {
  private readonly options: WindowOptions;
  private readonly waiting: Waiting[] = [];
  private open = 0;

  constructor(options: WindowOptions) {
    this.options = options;
  }

  /** Undefined: it may be published, and {@link leave} must be called. */
  enter(): Promise<Refused | undefined> | undefined {
    const { size, maxWaiting, now = () => performance.now() } = this.options;
    if (this.open < size) {
      this.open++;
      return undefined;
    }
    if (this.waiting.length >= maxWaiting) return Promise.resolve("full" as const);
    return new Promise((enter) => this.waiting.push({ since: now(), enter }));
  }

  leave(): void {
    const { waitMs, now = () => performance.now() } = this.options;
    for (;;) {
      const next = this.waiting.shift();
      if (next === undefined) {
        this.open--;
        return;
      }
      if (now() - next.since < waitMs) {
        next.enter(undefined);
        return;
      }
      next.enter("too_late");
    }
  }
}
