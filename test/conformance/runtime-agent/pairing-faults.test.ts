import type { FaultAction } from "@application-connector/ucl-emulator";
import { expect, test } from "vitest";
import { forgetPairing, holdsWhatMustHold, livesHappily, quickActions, sameKey } from "./pairing-life.ts";
import { authoritiesSecret, configurationSecret, createWorld, pairedWorld, until } from "./world.ts";

const steps = ["configuration", "signCertificateSigningRequest"] as const;

test.each(steps)(
  "whatever goes wrong once with %s while pairing, it comes to a good end, and no token is sent twice",
  async (operation) => {
    const world = await createWorld();
    for (const [title, action] of Object.entries(quickActions)) {
      forgetPairing(world);
      world.ucl.journal.clear();
      await world.configure();
      world.ucl.faults.add({ match: { operation, route: "connector" }, action, times: 1 });
      const agent = await world.agent({}, sameKey);
      const { tokensGiven } = await livesHappily(world);
      holdsWhatMustHold(world);
      // What was answered in the end, and what never left, costs no token.
      const costsNothing = title === "delay" || title === "a TLS alert";
      expect({ title, tokensGiven }).toEqual({ title, tokensGiven: costsNothing ? 0 : 1 });
      await agent.stop();
    }
  },
  120_000,
);

test("whatever goes wrong once with a renewal, the certificate before does until there is a new one", async () => {
  const world = await pairedWorld();
  let at = 0;
  // A few here, for each costs seconds of waiting; all of them at both calls in the long run.
  const few = ["delay", "504 after it was done", "a reset after", "a TLS alert"];
  for (const title of few) {
    const action = quickActions[title] as FaultAction;
    world.ucl.journal.clear();
    const operation = steps[at++ % steps.length] as string;
    world.ucl.faults.add({ match: { operation, route: "connector" }, action, times: 1 });
    world.patchConnection({ spec: { refreshCredentialsNow: true } });
    const agent = await world.agent({}, sameKey);
    await until(
      () => world.connection()?.spec.refreshCredentialsNow === false,
      45_000,
      () => title,
    );
    const { tokensGiven } = await livesHappily(world);
    holdsWhatMustHold(world);
    expect({ title, tokensGiven }).toEqual({ title, tokensGiven: 0 });
    await agent.stop();
    world.ucl.faults.clear();
  }
}, 240_000);

test("an API server that takes nothing for a moment keeps what UCL has issued from being lost", async () => {
  const world = await createWorld();
  await world.configure();
  // The note about the token is let through, the Secret with the certificate is not.
  const allow = world.cluster.faults.status(500, {
    resource: "secrets",
    verb: "patch",
    name: "cluster-client-certificates",
  });
  await world.agent({}, sameKey);
  const { status } = await world.reaches("ConnectionFailed");
  expect(status?.connectionStatus.error).toMatch(/^Failed to preserve certificate: /);
  allow();
  const { tokensGiven } = await livesHappily(world);
  expect(tokensGiven).toBe(0);
  holdsWhatMustHold(world);
});

test.each(["create", "update"] as const)(
  "an API server that refuses to %s the connection for a moment gets it later",
  async (verb) => {
    const world = await createWorld();
    await world.configure();
    world.cluster.faults.status(503, { resource: "compassconnections", verb, times: 4 });
    await world.agent({}, sameKey);
    const { tokensGiven } = await livesHappily(world);
    expect(tokensGiven).toBe(0);
    holdsWhatMustHold(world);
  },
);

test("with upstream's role, which has no patch, a token is noted before it is sent all the same", async () => {
  const world = await createWorld();
  await world.configure();
  world.cluster.faults.status(403, { resource: "secrets", verb: "patch" });
  await world.agent({}, sameKey);
  const { tokensGiven } = await livesHappily(world);
  expect(tokensGiven).toBe(0);
  const { annotations } = world.cluster.get(configurationSecret)?.metadata ?? {};
  expect(annotations?.["compass.kyma-project.io/used-token-hash"]).toMatch(/^[0-9a-f]{64}$/);
});

test("an ingress whose Secret must not be written is told of, and the connection is kept all the same", async () => {
  const world = await createWorld();
  await world.configure();
  const { name } = authoritiesSecret;
  for (const verb of ["patch", "create", "update"] as const)
    world.cluster.faults.status(403, {
      resource: "secrets",
      namespace: "istio-system",
      verb,
      ...(verb === "create" ? {} : { name }),
    });
  await world.agent({}, sameKey);
  const { status } = await world.reaches("Synchronized");
  expect(status?.connectionStatus.error).toMatch(/^Failed to preserve certificate: .*istio-system/);
  expect(world.secret(authoritiesSecret)).toBeUndefined();
});

test("a sentence of UCL that is longer than an object may be is no reason to write nothing any more", async () => {
  const world = await createWorld();
  await world.configure();
  const message = "x".repeat(3_000_000);
  world.ucl.faults.add({ match: { operation: "configuration" }, action: { graphqlError: { message } }, times: 1 });
  await world.agent({}, sameKey);
  const { status } = await world.reaches("ConnectionFailed");
  expect(status?.connectionStatus.error?.length).toBeLessThan(5_000);
});
