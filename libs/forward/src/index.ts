import type { Target, TargetOptions } from "./door.ts";
import { TargetPool } from "./target-pool.ts";

export type * from "./door.ts";
export { forward } from "./forwarding.ts";
export { appendForwardedFor, type EndToEndRules, endToEnd, headerValues } from "./headers.ts";
export { listen } from "./listener.ts";

/** A pool for one target identity; a certificate or key that can't be read throws. */
export function createTarget(options: TargetOptions): Target {
  return new TargetPool(options);
}
