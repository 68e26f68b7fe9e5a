import { describeCrashes, describeReplicas } from "./describe-crashes.ts";

/** `SPOOL_SEED` repeats a run, `SPOOL_ROUNDS` shortens it. */
const seed = Number(process.env["SPOOL_SEED"] ?? Date.now() % 1_000_000);
const rounds = Number(process.env["SPOOL_ROUNDS"] ?? 200);

// A bound for what hangs and not for a machine that has more to do, where a round takes five seconds in place of one.
describeCrashes(rounds, seed, 60_000 + rounds * 11_000);
describeReplicas(10, 900_000);
