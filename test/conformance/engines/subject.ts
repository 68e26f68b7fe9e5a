import type { Entrance } from "./generate/request.ts";
import type { Lane } from "./play.ts";

/** One listener of a started program, once with each engine, before the same targets. */
export interface Subject {
  readonly entrance: Entrance;
  /** Those with a plain target and those with one that speaks TLS. */
  readonly lanes: { readonly plain: readonly Lane[]; readonly tls: readonly Lane[] };
  /** Throws when one of the programs has ended, with its last words. */
  lives(): void;
  stop(): Promise<void>;
}
