import type { FaultAction } from "@application-connector/ucl-emulator";
import { expect } from "vitest";
import { forgetPairing, holdsWhatMustHold, livesHappily, quickActions, sameKey } from "./pairing-life.ts";
import { administer, api, basic } from "./sync/formation.ts";
import { isMirrored } from "./sync/mirrored-state.ts";
import { connectionReference, formation, until, type World } from "./world.ts";

/** Lets something go wrong once, when it is next asked for. */
export type Fault = (world: World) => void;

const operations = [
  "configuration",
  "signCertificateSigningRequest",
  "applicationsForRuntime",
  "application",
  "setRuntimeLabel",
] as const;
const uclFault =
  (operation: string, action: FaultAction): Fault =>
  ({ ucl }) =>
    ucl.faults.add({ match: { operation }, action, times: 1 });

const writes = [
  ["create", "secrets"],
  ["patch", "secrets"],
  ["delete", "secrets"],
  ["create", "applications"],
  ["patch", "applications"],
  ["delete", "applications"],
  ["create", "compassconnections"],
  ["update", "compassconnections"],
  ["get", "secrets"],
] as const;
const apiServerFaults: Record<
  string,
  (world: World, scope: { verb: string; resource: string; times: number }) => void
> = {
  "a conflict": ({ cluster }, scope) => void cluster.faults.status(409, scope),
  "an internal error": ({ cluster }, scope) => void cluster.faults.status(500, scope),
  unavailability: ({ cluster }, scope) => void cluster.faults.status(503, scope),
  "a reset": ({ cluster }, scope) => void cluster.faults.reset(scope),
};

/** Every action at every operation of UCL, and at every write of the API server. */
export const faults: Readonly<Record<string, Fault>> = Object.fromEntries([
  ...operations.flatMap((operation) =>
    Object.entries(quickActions).map(([title, action]) => [`${title} at ${operation}`, uclFault(operation, action)]),
  ),
  ...writes.flatMap(([verb, resource]) =>
    Object.entries(apiServerFaults).map(([title, fault]): [string, Fault] => [
      `${title} at ${verb} ${resource}`,
      (world) => fault(world, { verb, resource, times: 1 }),
    ]),
  ),
]);

/** Pairs, mirrors, follows changes, renews, is cut off by UCL and paired anew; in each of these the fault strikes once. */
export async function wholeLife(world: World, title: string): Promise<void> {
  const fault = faults[title] as Fault;
  const admin = administer(world.ucl, formation);
  const what = () => `${title}: ${JSON.stringify(world.connection()?.status)}`;
  const register = (name: string) =>
    admin.register({
      name,
      bundles: [
        {
          name: "b",
          defaultInstanceAuth: { ...basic(name), additionalHeaders: { "X-Name": [name] } },
          apiDefinitions: [api("a")],
        },
      ],
    });
  const strike = (): void => {
    world.ucl.faults.clear();
    fault(world);
  };
  const mirrored = async (): Promise<void> => {
    await until(() => isMirrored(world, admin), 60_000, what);
  };
  const uids = () => new Map(world.applications().map(({ metadata }) => [metadata.name, metadata.uid]));

  forgetPairing(world);
  world.ucl.journal.clear();
  const [stays, goes] = [await register("stays"), await register("goes")];
  await world.configure();
  strike();
  const agent = await world.agent({}, sameKey);
  await livesHappily(world, 60_000);
  await mirrored();
  const first = uids();

  strike();
  await admin.unassign(goes);
  await admin.describe(stays, "changed");
  const [bundle] = await admin.bundlesOf(stays);
  await admin.updateBundle(bundle?.id ?? "", { name: "b", defaultInstanceAuth: basic("other", "password") });
  const comes = await register("comes");
  world.patchConnection({ spec: { resyncNow: true } });
  await mirrored();

  strike();
  world.patchConnection({ spec: { refreshCredentialsNow: true } });
  await until(() => world.connection()?.spec.refreshCredentialsNow === false, 60_000, what);
  await livesHappily(world, 60_000);

  strike();
  const before = uids();
  await cutOff(world);
  const isCutOff = () => world.connection()?.status?.connectionState === "ConnectionMaintenanceFailed";
  world.patchConnection({ spec: { resyncNow: true } });
  await until(isCutOff, 60_000, what);
  expect([title, uids()]).toEqual([title, before]);
  await livesHappily(world, 90_000);
  await mirrored();
  expect([title, uids()]).toEqual([title, before]);
  expect([title, uids().get("mp-stays")]).toEqual([title, first.get("mp-stays")]);
  holdsWhatMustHold(world);

  world.ucl.faults.clear();
  for (const id of [stays, comes]) await admin.unassign(id);
  world.patchConnection({ spec: { resyncNow: true } });
  await mirrored();
  expect([title, world.applications()]).toEqual([title, []]);
  await agent.stop();
  expect(world.cluster.get(connectionReference)).toBeDefined();
  for (const id of [stays, goes, comes]) {
    await admin.ask("mutation ($id: ID!) { result: unregisterApplication(id: $id) { id } }", { id });
  }
}

/** UCL forgets the runtime's certificates, as when somebody unpairs it there. */
async function cutOff({ ucl, runtimeId }: World): Promise<void> {
  const { runtime } = (await ucl.administrator("query ($id: ID!) { runtime(id: $id) { auths { id } } }", {
    id: runtimeId,
  })) as { runtime: { auths: { id: string }[] } };
  for (const { id } of runtime.auths) {
    await ucl.administrator("mutation ($id: ID!) { deleteSystemAuthForRuntime(authID: $id) { id } }", { id });
  }
}
