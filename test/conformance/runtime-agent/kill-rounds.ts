import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { holdsWhatMustHold, livesHappily } from "./pairing-life.ts";
import { agentProcess } from "./processes.ts";
import { createWorld, formation, until, type World } from "./world.ts";

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Each acts at once: it would wait for the lease of the one before, and be killed for nothing. */
const alone = { APP_LEADER_ELECTION: "false" };
/** A process needs about so long from its begin to the end of its first round. */
const lifeMs = 1_500;
const startsWithinMs = 60_000;

/**
 * An agent that is killed at a random moment of its life, over and over, while the formation changes and certificates
 * are asked for. What it has left behind must be such that the next one brings everything to a good end.
 */
export async function killRounds(seed: number, rounds: number): Promise<void> {
  const random = numbers(seed);
  const world = await createWorld();
  world.ucl.seed({ applications: { count: 20, name: "first", auth: "basic+parameters", formations: [formation] } });
  await world.configure();
  for (let round = 0; round < rounds; round++) {
    const agent = agentProcess(world, alone);
    // From when it can act: the time in which Node reads its files is of no interest.
    await Promise.race([until(() => agent.output.includes("\n"), startsWithinMs), agent.ended]);
    await sleep(random() * lifeMs);
    agent.child.kill("SIGKILL");
    await agent.ended;
    if (random() < 0.3) world.ucl.seed({ applications: { count: 2, name: `round-${round}`, formations: [formation] } });
    if (random() < 0.4 && world.connection()) world.patchConnection({ spec: { refreshCredentialsNow: true } });
    if (random() < 0.2) await world.configure({ TOKEN: await world.token() });
  }
  agentProcess(world, alone);
  await livesHappily(world, 60_000);
  const wanted = await applicationsInUcl(world);
  await until(() => world.applications().length === wanted.length, 20_000);
  const mirrored = world.applications().map(({ spec }) => spec?.compassMetadata?.applicationId);
  expect(new Set(mirrored)).toEqual(new Set(wanted));
  holdsWhatMustHold(world);
  const secrets = world.cluster.list({ apiVersion: "v1", kind: "Secret", namespace: "kyma-system" });
  const named = world
    .applications()
    .flatMap(({ spec }) => (spec?.services ?? []).flatMap(({ entries }) => entries ?? []));
  const references = named.flatMap(({ credentials, requestParametersSecretName }) => [
    credentials?.secretName ?? "",
    requestParametersSecretName ?? "",
  ]);
  const existing = new Set(secrets.map(({ metadata }) => metadata.name));
  expect(references.filter((name) => name !== "" && !existing.has(name))).toEqual([]);
}

async function applicationsInUcl({ ucl }: World): Promise<string[]> {
  const { applications } = (await ucl.administrator("{ applications(first: 200) { data { id } } }")) as {
    applications: { data: { id: string }[] };
  };
  return applications.data.map(({ id }) => id);
}
