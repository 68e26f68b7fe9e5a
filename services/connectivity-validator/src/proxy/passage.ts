import type { Exchange } from "@application-connector/forward";
import type { RequestTrace } from "../observe/request-trace.ts";
import type { Accepted } from "./decide.ts";

/** A request that was let in, until it is over. */
export interface Passage {
  readonly exchange: Exchange;
  readonly accepted: Accepted;
  readonly startedAt: number;
  readonly trace: RequestTrace | undefined;
  /** Bytes of its body that are held in memory. */
  heldBytes: number;
  /** How many of its events nobody has subscribed to, and whether that is all of them. */
  unheard: { readonly events: number; readonly all: boolean };
}

export const allHeard: Passage["unheard"] = { events: 0, all: false };

/** Told to a sender whose events are all for nobody. */
export const noSubscribers = ["Event-Subscribers", "0"] as const;
