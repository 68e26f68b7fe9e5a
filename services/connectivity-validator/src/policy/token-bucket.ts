import type { Rate } from "./rate.ts";

/** Tokens that come at a rate and go with what happens; a clock that anybody may hand in, in ms. */
export class TokenBucket {
  readonly rate: Rate;
  private tokens: number;
  private filledAt: number;

  constructor(rate: Rate, nowMs: number) {
    this.rate = rate;
    this.tokens = rate.burst;
    this.filledAt = nowMs;
  }

  /** Takes one token, if there is one. */
  take(nowMs: number): boolean {
    this.fill(nowMs);
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  /** Takes what has turned out to be needed; the bucket may owe it, and then whoever comes next waits. */
  owe(count: number): void {
    this.tokens -= count;
  }

  /** Whole tokens that are left. */
  get remaining(): number {
    return Math.max(0, Math.floor(this.tokens));
  }

  /** Seconds, rounded up, until there is a token. */
  get waitS(): number {
    return this.tokens >= 1 ? 0 : Math.ceil((1 - this.tokens) / this.rate.perSecond);
  }

  /** Seconds, rounded up, until the bucket is full. */
  get resetS(): number {
    return Math.ceil((this.rate.burst - this.tokens) / this.rate.perSecond);
  }

  private fill(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.filledAt);
    this.filledAt = nowMs;
    this.tokens = Math.min(this.rate.burst, this.tokens + (elapsedMs / 1000) * this.rate.perSecond);
  }
}
