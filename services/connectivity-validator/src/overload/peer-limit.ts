import type { Exchange } from "@application-connector/forward";
import type { Rate } from "../policy/rate.ts";
import { TokenBucket } from "../policy/token-bucket.ts";
import { answerOf, rateLimited } from "../proxy/refusal.ts";

/** How many addresses are remembered; beyond it the half that was not seen for longest starts anew. */
const maxPeers = 20_000;

/** Lets each address make so many requests, before anybody spends more on them. */
export function limitPeers(handle: (exchange: Exchange) => void, rate: Rate): (exchange: Exchange) => void {
  let young = new Map<string, TokenBucket>();
  let old = new Map<string, TokenBucket>();

  const bucketOf = (peer: string, nowMs: number): TokenBucket => {
    let bucket = young.get(peer);
    if (bucket !== undefined) return bucket;
    bucket = old.get(peer) ?? new TokenBucket(rate, nowMs);
    if (young.size >= maxPeers / 2) {
      old = young;
      young = new Map();
    }
    young.set(peer, bucket);
    return bucket;
  };

  return (exchange) => {
    const nowMs = Date.now();
    const bucket = bucketOf(exchange.remoteAddress, nowMs);
    if (bucket.take(nowMs)) handle(exchange);
    else exchange.answer(answerOf(rateLimited(bucket, "too many requests come from this address"), exchange.headers));
  };
}
