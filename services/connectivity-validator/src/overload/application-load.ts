import type { Rate } from "../policy/rate.ts";
import { TokenBucket } from "../policy/token-bucket.ts";

/** What an Application is doing at the moment. Outlives the changes of its custom resource. */
export class ApplicationLoad {
  inFlight = 0;
  bucket: TokenBucket | undefined = undefined;

  /** A bucket whose rate stays is not filled again. */
  setRate(rate: Rate | undefined, nowMs: number): void {
    const known = this.bucket?.rate;
    if (known?.perSecond === rate?.perSecond && known?.burst === rate?.burst) return;
    this.bucket = rate === undefined ? undefined : new TokenBucket(rate, nowMs);
  }
}
