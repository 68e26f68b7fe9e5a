import { describeCrashes, describeReplicas } from "./describe-crashes.ts";

/** `SPOOL_SEED` repeats a run, `SPOOL_ROUNDS` shortens it. */
const seed = Number(process.env["SPOOL_SEED"] ?? Date.now() % 1_000_000);
const rounds = Number(process.env["SPOOL_ROUNDS"] ?? 200);

describeCrashes(rounds, seed, 900_000);
describeReplicas(10, 600_000);
