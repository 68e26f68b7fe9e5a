import { randomFrom } from "../fuzz/random.ts";
import { serveCalls } from "./own-process.ts";
import { failingTarget, steadyTarget } from "./targets.ts";

/** The targets of a soak: their URLs. */
const calls = {
  urls: async (seed: number) => ({
    steady: (await steadyTarget()).url,
    other: (await steadyTarget()).url,
    failing: (await failingTarget(randomFrom(seed))).url,
  }),
};

export type TargetsProcess = typeof calls;

serveCalls(calls);
