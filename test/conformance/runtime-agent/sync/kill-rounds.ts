import { expect } from "vitest";
import { numbers } from "../kill-rounds.ts";
import { agentProcess } from "../processes.ts";
import { clientSecret, createWorld, formation, until, type World } from "../world.ts";
import { type Administration, administer, api, basic } from "./formation.ts";
import { isMirrored, mirroredState } from "./mirrored-state.ts";

const started = 40;
/** About as many as there will be in a round, so that kills fall on all of it. */
const mostWritesAtFirst = started * 4;
const mostWrites = 40;

/**
 * An agent that is killed in the middle of a round, over and over: after so many of its writes, while the formation
 * changes between rounds. No kill may cost an application that is wanted; the last agent brings everything to its end.
 */
export async function killRounds(seed: number, rounds: number): Promise<void> {
  const random = numbers(seed);
  const world = await createWorld();
  const admin = administer(world.ucl, formation);
  await world.configure();
  const ids: string[] = [];
  for (let count = 0; count < started; count++) ids.push(await register(admin, `first-${count}`));
  const foreign = placeForeign(world);
  for (let round = 0; round < rounds; round++) {
    const before = uidsById(world);
    const agent = agentProcess(world);
    await killedAfter(world, agent, Math.floor(random() * (before.size < 2 ? mostWritesAtFirst : mostWrites)));
    const after = uidsById(world);
    const lost = ids.filter((id) => before.has(id) && before.get(id) !== after.get(id));
    expect({ round, lost }).toEqual({ round, lost: [] });
    await changeFormation(admin, ids, round, random);
    if (world.connection()) world.patchConnection({ spec: { resyncNow: true } });
  }
  agentProcess(world);
  await until(
    () => isMirrored(world, admin),
    60_000,
    () => JSON.stringify(world.connection()?.status),
  );
  const { secrets, wanted } = await mirroredState(world, admin);
  expect(secrets).toEqual(wanted);
  for (const object of foreign) expect(world.cluster.get(object.reference)).toEqual(object.is);
}

/** Uids of Applications by the id of what they stand for in UCL. */
const uidsById = (world: World): Map<string, string | undefined> =>
  new Map(
    world
      .applications()
      .map(({ metadata, spec }) => [spec?.compassMetadata?.applicationId ?? "", metadata.uid] as const),
  );

type Agent = ReturnType<typeof agentProcess>;

async function killedAfter({ cluster }: World, agent: Agent, writes: number): Promise<void> {
  // A pairing that is cut off has spent its token; that is for the rounds of the other half.
  await until(() => cluster.get(clientSecret) !== undefined, 60_000);
  cluster.requests.clear();
  const made = () =>
    cluster.requests
      .list()
      .filter(({ method, resource }) => method !== "GET" && /^(applications|secrets)/.test(resource)).length;
  // One that has fewer is killed when it has ended, which is a point like any other.
  const deadline = Date.now() + 4_000;
  await until(() => made() > writes || Date.now() > deadline, 10_000);
  agent.child.kill("SIGKILL");
  await agent.ended;
}

function register(admin: Administration, name: string): Promise<string> {
  return admin.register({
    name,
    bundles: [
      {
        name: "b",
        defaultInstanceAuth: { ...basic(name), additionalHeaders: { "X-Name": [name] } },
        apiDefinitions: [api("a")],
      },
    ],
  });
}

/** Some come, some go, some change their description, some their credentials. */
async function changeFormation(admin: Administration, ids: string[], round: number, random: () => number) {
  const pick = (): string => ids[Math.floor(random() * ids.length)] ?? "";
  for (let count = 0; count < 4; count++) ids.push(await register(admin, `round-${round}-${count}`));
  for (let count = 0; count < 3; count++) {
    const id = pick();
    ids.splice(ids.indexOf(id), 1);
    await admin.unassign(id);
    await admin.ask("mutation ($id: ID!) { result: unregisterApplication(id: $id) { id } }", { id });
  }
  for (let count = 0; count < 4; count++) await admin.describe(pick(), `as of round ${round}`);
  for (let count = 0; count < 4; count++) {
    const [bundle] = await admin.bundlesOf(pick());
    const auth = random() < 0.3 ? null : basic("u", `password-${round}-${count}`);
    await admin.updateBundle(bundle?.id ?? "", { name: "b", defaultInstanceAuth: auth });
  }
}

/** What is not UCL's, and looks like it. */
function placeForeign({ cluster }: World) {
  const application = {
    apiVersion: "applicationconnector.kyma-project.io/v1alpha1",
    kind: "Application",
    name: "by-hand",
  };
  const secret = { apiVersion: "v1", kind: "Secret", namespace: "kyma-system", name: "by-hand" };
  const { apiVersion, kind } = application;
  cluster.create({ apiVersion, kind, metadata: { name: "by-hand" }, spec: { description: "mine", services: [] } });
  const labels = { app: "by-hand", bundleId: "mine" };
  cluster.create({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "by-hand", namespace: "kyma-system", labels },
    data: { password: "eA==" },
  });
  return [application, secret].map((reference) => ({ reference, is: cluster.get(reference) }));
}
