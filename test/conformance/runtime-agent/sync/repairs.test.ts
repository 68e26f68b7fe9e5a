import { expect, test } from "vitest";
import { api, basic } from "./formation.ts";
import { applicationReference, createWorld, secretReference, until } from "./world.ts";

async function world() {
  const world = await createWorld();
  const bundle = { name: "b", defaultInstanceAuth: basic(), apiDefinitions: [api("a")] };
  const id = await world.admin.register({ name: "a", bundles: [bundle] });
  await world.round();
  const [{ id: bundleId } = { id: "" }] = await world.admin.bundlesOf(id);
  world.ucl.journal.clear();
  return { ...world, secretName: `mp-a-${bundleId}` };
}

test("RA-48 a Secret that somebody deletes or changes is back without a call to UCL", async () => {
  const { kubeApi, secrets, secret, secretName, ucl, application } = await world();
  const wanted = { [secretName]: { username: "u", password: "p" } };
  kubeApi.delete(secretReference(secretName));
  await until("it is back", () => secret(secretName) !== undefined);
  expect(secrets()).toEqual(wanted);
  kubeApi.patchObject(secretReference(secretName), { data: { password: "eA==", more: "eA==" } });
  await until("its values are back", () => JSON.stringify(secrets()) === JSON.stringify(wanted) || undefined);
  kubeApi.patchObject(secretReference(secretName), { metadata: { ownerReferences: null, labels: { bundleId: null } } });
  await until("it belongs to its Application again", () => {
    const { labels, ownerReferences } = (secret(secretName)?.metadata ?? {}) as {
      labels?: Record<string, string>;
      ownerReferences?: { uid: string }[];
    };
    return labels?.["bundleId"] !== undefined && ownerReferences?.[0]?.uid === application("mp-a")?.metadata["uid"];
  });
  expect(ucl.journal.entries).toEqual([]);
});

test("RA-48 an Application that somebody deletes or changes is as UCL described it", async () => {
  const { kubeApi, application, ucl, secret, secretName } = await world();
  const services = application("mp-a")?.spec.services;
  kubeApi.patchObject(applicationReference("mp-a"), { spec: { services: [], description: "mine" } });
  await until("it is as before", () => application("mp-a")?.spec.services.length === 1);
  expect(application("mp-a")?.spec.services).toEqual(services);
  const uid = application("mp-a")?.metadata["uid"];
  kubeApi.delete(applicationReference("mp-a"));
  await until("it is back with its Secret", () => {
    const now = application("mp-a")?.metadata["uid"];
    const owners = secret(secretName)?.metadata["ownerReferences"] as { uid: string }[] | undefined;
    return now !== undefined && now !== uid && owners?.[0]?.uid === now;
  });
  expect(application("mp-a")?.spec.encodeUrl).toBe(false);
  expect(ucl.journal.entries).toEqual([]);
});

test("a Secret that claims to belong to an Application and is of no use is deleted, that of somebody else is not", async () => {
  const { kubeApi, application, secret } = await world();
  const uid = application("mp-a")?.metadata["uid"] as string;
  const owner = { apiVersion: "applicationconnector.kyma-project.io/v1alpha1", kind: "Application", name: "mp-a", uid };
  const create = (name: string, metadata: object) =>
    kubeApi.create({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "kyma-system", ...metadata } });
  create("others", { labels: { app: "mp-a", bundleId: "x" } });
  create("useless", { labels: { app: "mp-a", bundleId: "x" }, ownerReferences: [owner] });
  await until("it is gone", () => secret("useless") === undefined);
  expect(secret("others")).toBeDefined();
});

test("who keeps changing an Application is put right more and more slowly", async () => {
  const { kubeApi, application } = await world();
  kubeApi.requests.clear();
  const until3s = performance.now() + 3_000;
  while (performance.now() < until3s) {
    if (application("mp-a")?.spec.description !== "mine") {
      kubeApi.patchObject(applicationReference("mp-a"), { spec: { description: "mine" } });
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const writes = kubeApi.requests.count({ verb: "patch", resource: "applications" });
  expect(writes).toBeGreaterThan(1);
  expect(writes).toBeLessThan(8);
});
