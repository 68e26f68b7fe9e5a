import type { Exchange } from "@application-connector/forward";
import type { Accepted } from "./decide.ts";

/** A request that was let in, until it is over. */
export interface Passage {
  readonly exchange: Exchange;
  readonly accepted: Accepted;
  readonly startedAt: number;
  /** Bytes of its body that are held in memory. */
  heldBytes: number;
}
