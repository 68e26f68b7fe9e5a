import { describeCrashes, describeReplicas } from "./describe-crashes.ts";

/** `SPOOL_SEED` repeats a run. */
const seed = Number(process.env["SPOOL_SEED"] ?? Date.now() % 1_000_000);

describeCrashes(200, seed, 900_000);
describeReplicas(10, 600_000);
