import { expect, test } from "vitest";
import { holdsWhatMustHold } from "./pairing-life.ts";
import { agentProcess } from "./processes.ts";
import { createWorld, pairedWorld, rounds, until } from "./world.ts";

const lease = {
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  namespace: "kyma-system",
  name: "compass-runtime-agent",
};

test("RA-49 when the replica that acts is killed the other one takes over, and no token is sent twice", async () => {
  const world = await createWorld();
  await world.configure();
  const holder = () =>
    world.cluster.get<{ spec?: { holderIdentity?: string }; metadata: object }>(lease)?.spec?.holderIdentity;
  const first = agentProcess(world, { APP_LEASE_NAMESPACE: "kyma-system" });
  await world.reaches("Synchronized", 20_000);
  const leader = holder();
  const second = await world.agent({ leaderElection: true, leaseNamespace: "kyma-system" });
  await until(() => second.readinessReport().ready);
  world.ucl.journal.clear();
  await rounds(world, 1);
  expect(holder()).toBe(leader);

  first.child.kill("SIGKILL");
  await first.ended;
  await until(() => holder() !== leader, 20_000);
  await rounds(world, 1);
  expect(world.state()).toBe("Synchronized");
  expect(world.ucl.journal.entries.filter(({ listener }) => listener === "token")).toEqual([]);
  holdsWhatMustHold(world);
}, 60_000);

test("the program that is shipped stops in order when it is told to, and gives the lease back", async () => {
  const world = await pairedWorld();
  const agent = agentProcess(world, { APP_LEASE_NAMESPACE: "kyma-system" }, "program");
  await rounds(world, 1, 20_000);
  agent.child.kill("SIGTERM");
  expect(await agent.ended).toBe(0);
  expect(world.cluster.get<{ spec?: { holderIdentity?: string }; metadata: object }>(lease)?.spec?.holderIdentity).toBe(
    "",
  );
  expect(agent.output).not.toMatch(/"level":"(error|fatal)"/);
}, 30_000);
