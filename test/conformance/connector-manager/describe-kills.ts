import { expect, test } from "vitest";
import { endChild, startChild } from "./child.ts";
import type { KindName } from "./kinds.ts";
import { agent, createWorld, gateway, until, validator, type World } from "./world.ts";

/**
 * Managers that are killed at any moment, while they install and while they remove: the next one always finishes what the
 * one before began. The seed decides when.
 */
export function describeKills(rounds: number, seed: number): void {
  const random = randomFrom(seed);
  test(
    `killed at any moment, in ${rounds} installations and removals (seed ${seed}), a manager leaves nothing half done for long`,
    async () => {
      const world = await createWorld();
      for (let round = 0; round < rounds; round++) {
        await world.connect({ domainName: "test.example", networkPoliciesEnabled: true });
        await killedAfter(world, random() * 2_500);
        const second = await startChild(world);
        await world.reaches("Verification");
        await world.ready(gateway, validator);
        await world.reachesState("Ready");
        expect((await world.get("deployment", agent))?.["spec"].replicas).toBe(0);
        expect(await world.list("networkPolicy")).toHaveLength(13);
        await endChild(second, "SIGKILL");

        await world.remove("connector", "default");
        // After the five seconds in which no Application may come.
        await killedAfter(world, 5_000 + random() * 2_500);
        const last = await startChild(world);
        await until(async () => (await world.connector()) === undefined, 30_000);
        for (const kind of leftBehind) {
          const left = (await world.list(kind)).filter(({ metadata }) => metadata.labels?.["kyma-project.io/module"]);
          expect(left.map(({ metadata }) => metadata.name)).toEqual([]);
        }
        await endChild(last, "SIGKILL");
      }
    },
    rounds * 60_000,
  );
}

const leftBehind: readonly KindName[] = ["deployment", "service", "role", "clusterRole", "networkPolicy", "configMap"];

async function killedAfter(world: World, ms: number): Promise<void> {
  const child = await startChild(world);
  await new Promise((resolve) => setTimeout(resolve, ms));
  await endChild(child, "SIGKILL");
}

/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
