import type { Exchange, Observation } from "./exchange.ts";

interface KnownDifference {
  readonly what: string;
  readonly why: string;
  /** Whether it explains the difference between these two. */
  explains(exchange: Exchange, node: Observation, sockets: Observation): boolean;
}

/** Where the engines differ and may. Everything else is a mistake of one of them. */
export const knownDifferences: readonly KnownDifference[] = [];
