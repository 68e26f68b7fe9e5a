import { fingerprint } from "@application-connector/credentials";
import { TokenBucket } from "./token-bucket.ts";

export interface RateLimit {
  readonly perMs: number;
  readonly burst: number;
}

export interface BucketLease {
  readonly bucket: TokenBucket;
  release(): void;
}

/** The buckets that APIs share. One that an API gives back and takes again at once stays as full as it was. */
export class RateLimits {
  readonly #buckets = new Map<string, { readonly bucket: TokenBucket; leases: number }>();

  get size(): number {
    return this.#buckets.size;
  }

  /** `scope` says who shares it. */
  lease(scope: readonly string[], { perMs, burst }: RateLimit): BucketLease {
    const key = fingerprint(...scope, String(perMs), String(burst));
    const shared = this.#buckets.get(key) ?? { bucket: new TokenBucket(perMs, burst), leases: 0 };
    shared.leases++;
    this.#buckets.set(key, shared);
    let isReleased = false;
    return {
      bucket: shared.bucket,
      release: () => {
        if (isReleased) return;
        isReleased = true;
        shared.leases--;
        if (shared.leases === 0) this.#buckets.delete(key);
      },
    };
  }
}
