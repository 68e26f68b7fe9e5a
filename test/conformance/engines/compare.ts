import { isDeepStrictEqual } from "node:util";
import { type Engine, engines } from "../tested-engine.ts";
import type { Exchange, Observation } from "./exchange.ts";
import { knownDifferences } from "./known-differences.ts";
import { normalised } from "./normalise.ts";
import { type Lane, type Patience, play, probeFor } from "./play.ts";
import type { Subject } from "./subject.ts";

/** How both engines played an exchange. */
export type Pair = Readonly<Record<Engine, Observation>>;

/** Enough for what is on its way through two sockets; what was seen to differ is played again with more. */
export const brisk: Patience = { silenceMs: 80 };
export const patient: Patience = { silenceMs: 250 };

export async function playOnBoth(
  subject: Subject,
  lane: Lane,
  exchange: Exchange,
  patience: Patience,
  first: Engine = "node",
): Promise<Pair> {
  const probe = probeFor(subject.entrance.prefix, subject.entrance.head);
  const order = first === "node" ? engines : engines.toReversed();
  const seen: Partial<Record<Engine, Observation>> = {};
  for (const engine of order) {
    seen[engine] = normalised(await play(exchange, lane, lane.addresses[engine], probe, patience));
  }
  return seen as Pair;
}

export type Verdict = "equal" | "known" | "unsteady" | "different";

export function isEqual({ node, sockets }: Pair): boolean {
  return isDeepStrictEqual(node, sockets);
}

export function isKnown(exchange: Exchange, { node, sockets }: Pair): boolean {
  return knownDifferences.some(({ explains }) => explains(exchange, node, sockets));
}

/**
 * Whether a difference is one of the engines: each plays the exchange again, patiently. What one of them does now this way
 * and now that, with the other among it, was decided by who came first, and not by the engine.
 */
export async function confirm(subject: Subject, lane: Lane, exchange: Exchange, rounds: number): Promise<Verdict> {
  const seen: Record<Engine, Observation[]> = { node: [], sockets: [] };
  for (let round = 0; round < rounds; round++) {
    const pair = await playOnBoth(subject, lane, exchange, patient, round % 2 === 0 ? "node" : "sockets");
    if (isKnown(exchange, pair)) return "known";
    for (const engine of engines) seen[engine].push(pair[engine]);
    const meets = seen.node.some((one) => seen.sockets.some((other) => isDeepStrictEqual(one, other)));
    if (meets) return "unsteady";
  }
  return "different";
}
