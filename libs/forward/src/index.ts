import type { ReplayStore, ReplayStoreOptions, Target, TargetOptions } from "./door.ts";
import { ReplayBudget } from "./replay-buffer.ts";
import { TargetPool } from "./target-pool.ts";

export type * from "./door.ts";
export { withBody } from "./exchange-with-body.ts";
export { forward } from "./forwarding.ts";
export { appendForwardedFor, type EndToEndRules, endToEnd, headerValues } from "./headers.ts";
export { listen } from "./listener.ts";
export { type ReadBodyOptions, readBody, type UnreadBody } from "./read-body.ts";
export { type OwnRequest, type OwnResponse, send } from "./send.ts";

/** A pool for one target identity; a certificate or key that can't be read throws. */
export function createTarget(options: TargetOptions): Target {
  return new TargetPool(options);
}

/** Room for request bodies that may have to be sent again; one for the whole process. */
export function createReplayStore(options?: ReplayStoreOptions): ReplayStore {
  return new ReplayBudget(options);
}
