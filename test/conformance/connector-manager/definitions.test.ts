import { expect, test } from "vitest";
import { createWorld, readyWorld } from "./world.ts";

test.each([
  { title: "CM-18 an unknown level", spec: { appGateway: { logLevel: "trace" } } },
  ...["abc", "10", "-5s", "0s", "25h"].map((proxyTimeout) => ({
    title: `CM-19 the timeout ${proxyTimeout}`,
    spec: { appGateway: { proxyTimeout } },
  })),
  { title: "B27 a domain that is none", spec: { domainName: "Not A Domain" } },
  { title: "B27 fewer replicas at most than at least", spec: { appConnValidator: { scaling: { minReplicas: 3 } } } },
])("$title is refused", async ({ spec }) => {
  const world = await createWorld({ definitions: [] });
  await expect(world.connect(spec)).rejects.toMatchObject({ status: 422 });
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
