import { expect, test } from "vitest";
import { kindOf } from "./kinds.ts";
import { obsolete, upstreamRelease } from "./upstream-release.ts";
import { createWorld, finalizer, gateway, readyWorld, until, validator, type World } from "./world.ts";

test("CM-1 CM-2 CM-3 CM-4 CM-6 an object is held, everything is installed, and the state follows what is ready", async () => {
  const world = await createWorld();
  await world.manager();
  await world.connect();
  const { metadata, status } = await world.reaches("Verification");
  expect(metadata.finalizers).toEqual([finalizer]);
  expect(status).toMatchObject({ state: "Processing", served: "True", domainName: "test.example" });
  expect(await world.condition("Installed")).toMatchObject({ status: "Unknown", message: "verification in progress" });
  await everythingIsThere(world);
  for (const name of [
    "applications.applicationconnector.kyma-project.io",
    "compassconnections.compass.kyma-project.io",
  ]) {
    const definition = await world.get("definition", name);
    expect(definition?.["status"].conditions).toContainEqual(
      expect.objectContaining({ type: "Established", status: "True" }),
    );
  }
  await world.ready(gateway);
  await until(async () => (await world.condition("GatewayAvailable"))?.["status"] === "True");
  expect((await world.connector())?.["status"].state).toBe("Processing");

  await world.ready(validator);
  await world.reachesState("Ready");
  expect(await world.condition("Installed")).toMatchObject({
    status: "True",
    reason: "Verified",
    message: "application-connector-manager ready",
  });
  await until(async () => (await world.list("event")).length >= 3);
  const events = (await world.list("event")).filter(({ involvedObject }) => involvedObject.name === "default");
  events.sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion));
  expect(events.map(({ reason, type }) => `${type} ${reason}`)).toEqual([
    "Normal Initialized",
    "Normal Verification",
    "Normal Verified",
  ]);
  for (const { message } of events) expect(message).toMatch(/: kyma-system\/default$/);
});

test("CM-5 what is not ready any more shows in the state, until it is again", async () => {
  const world = await readyWorld();
  const conditions = [{ type: "Available", status: "False", reason: "MinimumReplicasUnavailable" }];
  await world.patch("deployment", gateway, { status: { conditions } }, { subresource: "status" });
  await world.reachesState("Processing");
  expect(await world.condition("Installed")).toMatchObject({ status: "Unknown" });
  await world.ready(gateway);
  await world.reachesState("Ready");
});

/** The table of section 5: names, namespaces and labels, without what B11 and B20 leave out. */
async function everythingIsThere(world: World): Promise<void> {
  for (const { kind, metadata } of upstreamRelease("test.example")) {
    if (kind === "NetworkPolicy") continue;
    const { name, namespace, labels } = metadata;
    const found = await world.get(kindOf(kind), name, namespace);
    if (name === obsolete) {
      expect(found, `${kind} ${name}`).toBeUndefined();
      continue;
    }
    expect(found?.metadata.labels, `${kind} ${name}`).toMatchObject(labels ?? {});
    if (kind !== "CustomResourceDefinition") expect(found?.metadata.finalizers ?? [], `${kind} ${name}`).toEqual([]);
  }
  for (const role of await world.list("clusterRole")) {
    if (role.metadata.labels?.["kyma-project.io/module"])
      expect(JSON.stringify(role["rules"])).not.toContain('"secrets"');
  }
}
