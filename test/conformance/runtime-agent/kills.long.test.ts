import { expect, test } from "vitest";
import { killRounds } from "./kill-rounds.ts";
import { forgetPairing, holdsWhatMustHold, livesHappily, quickActions, sameKey, slowActions } from "./pairing-life.ts";
import { createWorld, pairedWorld, until } from "./world.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);

test("an agent that is killed fifty times at any moment loses nothing and spends no token twice", async () => {
  console.log(`SEED=${seed}`);
  await killRounds(seed, 50);
}, 600_000);

const steps = ["configuration", "signCertificateSigningRequest"] as const;

test.each(steps)(
  "silence instead of an answer to %s ends, while pairing and while renewing",
  async (operation) => {
    const world = await createWorld();
    for (const action of Object.values(slowActions)) {
      forgetPairing(world);
      await world.configure();
      world.ucl.faults.add({ match: { operation, route: "connector" }, action, times: 1 });
      const agent = await world.agent({}, sameKey);
      expect(await livesHappily(world, 120_000)).toEqual({ tokensGiven: 1 });
      world.ucl.faults.add({ match: { operation, route: "connector" }, action, times: 1 });
      world.patchConnection({ spec: { refreshCredentialsNow: true } });
      await until(() => world.connection()?.spec.refreshCredentialsNow === false, 120_000);
      holdsWhatMustHold(world);
      await agent.stop();
    }
  },
  400_000,
);

test.each(steps)(
  "whatever goes wrong once with %s while renewing comes to a good end",
  async (operation) => {
    const world = await pairedWorld();
    for (const action of Object.values(quickActions)) {
      world.ucl.faults.add({ match: { operation, route: "connector" }, action, times: 1 });
      world.patchConnection({ spec: { refreshCredentialsNow: true } });
      const agent = await world.agent({}, sameKey);
      await until(() => world.connection()?.spec.refreshCredentialsNow === false, 60_000);
      expect(await livesHappily(world)).toEqual({ tokensGiven: 0 });
      await agent.stop();
      world.ucl.faults.clear();
    }
    holdsWhatMustHold(world);
  },
  600_000,
);
