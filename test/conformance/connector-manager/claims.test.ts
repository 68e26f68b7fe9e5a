import { expect, test } from "vitest";
import type { Any } from "./kinds.ts";
import { finalizer, gateway, readyWorld, until } from "./world.ts";

test("CM-35 CM-36 CM-37 one object is followed, others hear why not and can go", async () => {
  const world = await readyWorld();
  const resourceVersion = async () => (await world.get("deployment", gateway))?.metadata.resourceVersion;
  const before = await resourceVersion();
  await world.connect({ domainName: "dup.example", appGateway: { logLevel: "debug" } }, { name: "dup" });
  const dup = await world.reaches("Duplicated", "dup");
  expect(dup["status"]).toMatchObject({ state: "Warning", served: "False" });
  expect(dup.metadata.finalizers ?? []).toEqual([]);
  expect(await world.condition("Installed", "dup")).toMatchObject({
    status: "False",
    message: expect.stringMatching(/^Only one instance.*kyma-system\/default.*remove/),
  });
  await world.connect({}, { name: "elsewhere", namespace: "default" });
  let elsewhere: Any | undefined;
  await until(async () => {
    elsewhere = await world.connector("elsewhere", "default");
    return elsewhere?.["status"] !== undefined;
  });
  expect(elsewhere?.["status"]).toMatchObject({ state: "Warning", served: "False" });
  expect(elsewhere?.["status"].conditions[0].reason).toBe("NamespaceNotSupported");

  await world.remove("connector", "dup");
  expect(await world.connector("dup")).toBeUndefined();
  expect(await resourceVersion()).toBe(before);
  expect((await world.connector())?.["status"].state).toBe("Ready");
});

test("B3 when the followed object goes and another is there, that one takes over and nothing is removed", async () => {
  const world = await readyWorld();
  const uid = (await world.get("deployment", gateway))?.metadata.uid;
  await world.connect({ domainName: "heir.example" }, { name: "heir" });
  await world.reaches("Duplicated", "heir");
  await world.remove("connector", "default");
  await until(async () => (await world.connector()) === undefined);
  const heir = await world.reachesState("Ready", "heir");
  expect(heir["status"]).toMatchObject({ served: "True", domainName: "heir.example" });
  expect(heir.metadata.finalizers).toEqual([finalizer]);
  expect((await world.get("deployment", gateway))?.metadata.uid).toBe(uid);
});
