import { expect, test } from "vitest";
import { createWorld, readyWorld } from "./world.ts";

const refused: Readonly<Record<string, object>> = {
  "an unknown level": { appGateway: { logLevel: "trace" } },
  ...Object.fromEntries(
    ["abc", "10", "-5s", "0s", "25h"].map((proxyTimeout) => [
      `the timeout ${proxyTimeout}`,
      { appGateway: { proxyTimeout } },
    ]),
  ),
  "a domain that is none": { domainName: "Not A Domain" },
  "fewer replicas at most than at least": { appConnValidator: { scaling: { minReplicas: 3 } } },
};

test("CM-18 CM-19 B27 what cannot be is refused", async () => {
  const world = await createWorld({ definitions: [] });
  for (const [title, spec] of Object.entries(refused)) {
    await expect(world.connect(spec), title).rejects.toMatchObject({ status: 422 });
  }
  await world.connect({ appGateway: { proxyTimeout: "24h" } });
});

test("CM-50 CM-51 Applications and connections are what upstream's are, with columns for all kinds", async () => {
  const world = await readyWorld();
  const made = await world.create("application", { metadata: { name: "crm" }, spec: { labels: null } });
  expect(made["spec"]).toMatchObject({ encodeUrl: true, labels: null });
  const bad = (spec: object) => world.create("application", { metadata: { name: "bad" }, spec });
  await expect(bad({ accessLabel: "a".repeat(64) })).rejects.toMatchObject({ status: 422 });
  const service = { id: "1", name: "a", displayName: "a", providerDisplayName: "a", description: "a" };
  await expect(bad({ services: [{ ...service, entries: [{ type: "Foo" }] }] })).rejects.toMatchObject({ status: 422 });
  const connection = world.create("connection", { metadata: { name: "c" }, spec: {} });
  await expect(connection).rejects.toMatchObject({ status: 422 });

  const columns = async (plural: string, group: string) => {
    const { body } = await world.client.send<{ columnDefinitions: { name: string }[] }>({
      verb: "list",
      method: "GET",
      resource: { group, version: "v1alpha1", plural, kind: "", namespaced: false },
      target: {},
      accept: "application/json;as=Table;v=v1;g=meta.k8s.io",
    });
    return body.columnDefinitions.map(({ name }) => name);
  };
  expect(await columns("applicationconnectors", "operator.kyma-project.io")).toEqual(
    expect.arrayContaining(["State", "Served", "Domain", "Version", "Age", "Message"]),
  );
  expect(await columns("applications", "applicationconnector.kyma-project.io")).toEqual(
    expect.arrayContaining(["DisplayName", "Services", "Age"]),
  );
  expect(await columns("compassconnections", "compass.kyma-project.io")).toEqual(
    expect.arrayContaining(["State", "LastSync", "Age"]),
  );
});
