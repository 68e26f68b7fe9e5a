import { randomFrom } from "../fuzz/random.ts";
import { type Load, type LoadOptions, startLoad } from "../steady-load.ts";
import { type Churn, type ChurnOptions, startChurn } from "./churn.ts";
import { serveCalls } from "./own-process.ts";
import { saturation } from "./saturation.ts";

export interface Plan {
  readonly load: LoadOptions;
  readonly churn: Omit<ChurnOptions, "random">;
  readonly seed: number;
}

let load: Load | undefined;
let churn: Churn | undefined;

/** The clients of a soak. */
const calls = {
  saturation: ({ port, path, forMs }: { port: number; path: string; forMs: number }) => saturation(port, path, forMs),
  start(plan: Plan) {
    load = startLoad(plan.load);
    churn = startChurn({ ...plan.churn, random: randomFrom(plan.seed) });
  },
  /** When all requests have their answer. */
  async stop() {
    const result = await load?.stop();
    churn?.stop();
    return { sent: 0, succeeded: 0, failures: ["nothing was started"], ...result, connections: churn?.opened ?? 0 };
  },
};

export type LoadProcess = typeof calls;

serveCalls(calls);
