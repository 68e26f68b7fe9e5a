import type { Address } from "./exchange-client.ts";
import type { Entrance } from "./generate/request.ts";
import type { Lane } from "./play.ts";

export const engines = ["node", "sockets"] as const;
export type Engine = (typeof engines)[number];

/** One listener of a started program, once with each engine, before the same targets. */
export interface Subject {
  readonly entrance: Entrance;
  /** Those with a plain target and those with one that speaks TLS. */
  readonly lanes: { readonly plain: readonly Lane[]; readonly tls: readonly Lane[] };
  readonly addresses: Readonly<Record<Engine, Address>>;
  /** Throws when one of the programs has ended, with its last words. */
  lives(): void;
  stop(): Promise<void>;
}
