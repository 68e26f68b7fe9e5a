import type { Load } from "../measure.ts";
import type { Running } from "../world/processes.ts";
import type { World } from "../world/world.ts";

/** What the figures must and should be (performance.md, section 4). */
export interface Budget {
  /** Another contestant, whose figure of the same round is divided by; without one the figure itself is judged. */
  readonly peer?: string;
  readonly must: number;
  readonly aim: number;
  /** It is told and not asserted. */
  readonly isInformative?: boolean;
}

/** Something to measure, and against what. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  /** Whether a small value is the good one, as with latencies. */
  readonly lessIsBetter?: boolean;
  /** The one that the budgets are about. */
  readonly subject: string;
  readonly budgets: readonly Budget[];
  /** Instead of the rounds of the run, for what needs no repetition. */
  readonly rounds?: number;
  /** So many rounds for each of the run, where rounds are short and one of them says little. */
  readonly roundsForOne?: number;
  /** Who takes part, the subject last. The first is the reference of the rounds. */
  contestants(world: World): Promise<readonly Running[]>;
  /** The load is prepared once, so that what it learns (a rate) holds for all contestants. */
  prepare(world: World, reference: Running): Promise<Load>;
  /** What each contestant does before it is measured, so that nobody is measured while it compiles. The load itself, when absent. */
  warm?(world: World, running: Running, load: Load): Promise<unknown>;
}

/** The peers that are installed, and those of the command line, before the gateway. */
export const againstPeers =
  (...names: readonly string[]): Scenario["contestants"] =>
  async (world) => {
    const running: Running[] = [];
    for (const name of [...names, ...world.extra]) {
      const peer = await world.peer(name);
      if (peer !== undefined) running.push(peer);
    }
    return [...running, await world.gateway()];
  };

/** The gateway alone, and measured by itself. */
export const alone: Scenario["contestants"] = async (world) => [await world.gateway()];

/** For loads that are one measurement and no warming up. */
export const noWarming = async (): Promise<void> => undefined;
