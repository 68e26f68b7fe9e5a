import type { KubeApi } from "@application-connector/kube-api-emulator";
import { expect, test } from "vitest";
import { api, basic, oauth } from "./formation.ts";
import { startedProgram } from "./program-world.ts";
import { applicationReference } from "./world.ts";

/** Of what is mirrored: the connection tells the time of each round. */
const writes = ({ requests }: KubeApi): string[] =>
  requests
    .list()
    .filter(({ method, resource }) => method !== "GET" && /^(applications|secrets)/.test(resource))
    .map(({ method, name, resource }) => `${method} ${resource} ${name}`);

const synchronized = { result: "synchronized" };

test("RA-17 an application without bundles becomes an Application with every field of upstream's", async () => {
  const { admin, round, application } = await startedProgram();
  const id = await admin.register({ name: "Orders" });
  expect(await round()).toMatchObject(synchronized);
  const found = application("mp-orders");
  expect(found?.metadata["labels"]).toEqual({
    "applicationconnector.kyma-project.io/managed-by": "compass-runtime-agent",
  });
  expect(found?.metadata["annotations"]).toEqual({
    "applicationconnector.kyma-project.io/formations": '["formation"]',
  });
  expect(found?.spec).toEqual({
    description: "Description not provided",
    labels: { "connected-app": "mp-orders" },
    compassMetadata: { applicationId: id, authentication: { clientIds: [] } },
    skipVerify: false,
    encodeUrl: false,
    displayName: "",
    providerDisplayName: "",
    longDescription: "",
    services: [],
  });
  expect(found?.status?.conditions).toMatchObject([{ type: "Synced", status: "True", reason: "Synced" }]);
});

test("RA-18 RA-20 bundles become services, their credentials Secrets", async () => {
  const { admin, round, application, secrets, secret } = await startedProgram();
  const id = await admin.register({
    name: "crm",
    description: null,
    bundles: [
      {
        name: "one",
        defaultInstanceAuth: { ...oauth(), requestAuth: { csrf: { tokenEndpointURL: "https://csrf.example.com" } } },
        apiDefinitions: [api("a"), api("b")],
      },
      {
        name: "two",
        defaultInstanceAuth: {
          ...basic(),
          additionalHeaders: { "X-B": ["1"], "X-A": ["a&b", "<c>"] },
          additionalQueryParams: { q: ["1", "2"] },
        },
        apiDefinitions: [api("c")],
      },
      { name: "three" },
    ],
  });
  await round();
  const found = application("mp-crm");
  const bundles = await admin.bundlesOf(id);
  const idOf = (name: string) => bundles.find((bundle) => bundle.name === name)?.id ?? "";
  const service = (name: string) =>
    found?.spec.services.find((each: { displayName: string }) => each.displayName === name);
  expect(found?.spec.services.map(({ id }: { id: string }) => id)).toEqual(bundles.map(({ id }) => id));
  expect(service("one").entries.map((entry: { credentials: object }) => entry.credentials)).toEqual(
    Array(2).fill({
      type: "OAuth",
      secretName: `mp-crm-${idOf("one")}`,
      authenticationUrl: "https://tokens.example.com",
      csrfInfo: { tokenEndpointURL: "https://csrf.example.com" },
    }),
  );
  expect(service("two").entries).toMatchObject([
    {
      credentials: { type: "Basic", secretName: `mp-crm-${idOf("two")}` },
      requestParametersSecretName: `params-mp-crm-${idOf("two")}`,
      centralGatewayUrl: "http://central-application-gateway.kyma-system.svc.cluster.local:8082/mp-crm/two/c",
    },
  ]);
  expect([found?.spec.description, service("three").description]).toEqual(Array(2).fill("Description not provided"));
  expect(service("three").entries).toEqual([]);
  expect(secrets()).toEqual({
    [`mp-crm-${idOf("one")}`]: { clientId: "c", clientSecret: "s" },
    [`mp-crm-${idOf("two")}`]: { username: "u", password: "p" },
    [`params-mp-crm-${idOf("two")}`]: {
      headers: '{"X-A":["a\\u0026b","\\u003cc\\u003e"],"X-B":["1"]}',
      queryParameters: '{"q":["1","2"]}',
    },
  });
  const written = secret(`mp-crm-${idOf("two")}`);
  expect(written).toMatchObject({
    type: "Opaque",
    metadata: {
      labels: { app: "mp-crm", bundleId: idOf("two") },
      ownerReferences: [
        {
          apiVersion: "applicationconnector.kyma-project.io/v1alpha1",
          kind: "Application",
          name: "mp-crm",
          uid: found?.metadata["uid"],
        },
      ],
    },
  });
});

test("RA-21 names are normalised unless the runtime's label says so in its one way", async () => {
  const { admin, round, applications, runtimeId } = await startedProgram({ labels: { isNormalized: "false" } });
  await admin.register({ name: "Foo Bar" });
  const names = async (value: unknown) => {
    await admin.setRuntimeLabel(runtimeId, "isNormalized", value);
    await round();
    return applications().map(({ metadata }) => metadata["name"]);
  };
  expect(await names("false")).toEqual(["mp-foo-bar"]);
  expect(await names(true)).toEqual(["mp-foo-bar"]);
  expect(await names("true")).toEqual(["mp-foo-bar"]);
});

test("RA-23 RA-24 RA-25 RA-47 what changes is written, what users set stays, and nothing else is touched", async () => {
  const { admin, round, application, kubeApi } = await startedProgram();
  const id = await admin.register({
    name: "orders",
    description: "one",
    bundles: [{ name: "b", defaultInstanceAuth: basic(), apiDefinitions: [api("a")] }],
  });
  await admin.register({ name: "other" });
  await round();
  const { metadata: before } = application("mp-orders") ?? { metadata: {} as Record<string, unknown> };
  kubeApi.requests.clear();
  for (let rounds = 0; rounds < 3; rounds++) await round();
  expect(writes(kubeApi)).toEqual([]);
  expect(application("mp-orders")?.metadata["resourceVersion"]).toBe(before["resourceVersion"]);

  kubeApi.patchObject(applicationReference("mp-orders"), {
    metadata: { labels: { "application-type": "foo" }, annotations: { mine: "x" } },
    spec: { skipVerify: true, encodeUrl: true, tenant: "t", displayName: "Mine" },
  });
  for (const description of ["two", "three", "four"]) {
    await admin.describe(id, description);
    await round();
  }
  expect(writes(kubeApi)).toEqual(Array(3).fill("PATCH applications mp-orders"));
  const after = application("mp-orders");
  expect(after?.metadata["uid"]).toBe(before["uid"]);
  expect(after?.metadata["labels"]).toMatchObject({ "application-type": "foo" });
  expect(after?.metadata["annotations"]).toMatchObject({ mine: "x" });
  expect(after?.spec).toMatchObject({
    description: "four",
    skipVerify: true,
    encodeUrl: true,
    tenant: "t",
    displayName: "Mine",
  });
});

test("RA-26 an application that leaves the formation goes, with its Secrets", async () => {
  const { admin, round, applications, secrets } = await startedProgram();
  const id = await admin.register({
    name: "a",
    bundles: [{ name: "b", defaultInstanceAuth: basic(), apiDefinitions: [api("a")] }],
  });
  await admin.register({ name: "stays" });
  await round();
  expect(Object.keys(secrets())).toHaveLength(1);
  await admin.unassign(id);
  expect(await round()).toMatchObject(synchronized);
  expect(applications().map(({ metadata }) => metadata["name"])).toEqual(["mp-stays"]);
  expect(secrets()).toEqual({});
});

test("RA-27 RA-28 an Application made by hand is left alone, one that claims to be UCL's is not", async () => {
  const { round, kubeApi, applications, admin, application } = await startedProgram();
  const manual = (name: string, spec: object) =>
    kubeApi.create({
      ...applicationReference(name),
      metadata: { name },
      spec: { description: "manual", services: [], ...spec },
    });
  manual("by-hand", {});
  manual("mp-taken", {});
  manual("claims", { compassMetadata: { applicationId: "x", authentication: { clientIds: [] } } });
  await admin.register({ name: "taken" });
  const versions = () => ["by-hand", "mp-taken"].map((name) => application(name)?.metadata["resourceVersion"]);
  const before = versions();
  const outcome = await round();
  expect(applications().map(({ metadata }) => metadata["name"])).toEqual(["by-hand", "mp-taken"]);
  expect(versions()).toEqual(before);
  expect(outcome.conditions.find(({ type }) => type === "ApplicationsApplied")).toMatchObject({
    status: "False",
    reason: "PartlyApplied",
    message: expect.stringContaining("mp-taken (ApplyFailed"),
  });
});

test("RA-29 RA-30 RA-31 credentials follow UCL", async () => {
  const { admin, round, application, secrets, secret } = await startedProgram();
  const id = await admin.register({
    name: "a",
    bundles: [{ name: "b", defaultInstanceAuth: basic(), apiDefinitions: [api("a")] }],
  });
  const [bundle] = await admin.bundlesOf(id);
  const name = `mp-a-${bundle?.id}`;
  const credentials = () => application("mp-a")?.spec.services[0].entries[0].credentials;
  await round();
  expect(secrets()).toEqual({ [name]: { username: "u", password: "p" } });

  await admin.updateBundle(bundle?.id ?? "", { name: "b", defaultInstanceAuth: oauth() });
  await round();
  expect(secrets()).toEqual({ [name]: { clientId: "c", clientSecret: "s" } });
  expect(credentials()).toEqual({ type: "OAuth", secretName: name, authenticationUrl: "https://tokens.example.com" });

  const version = secret(name)?.metadata["resourceVersion"];
  await admin.updateBundle(bundle?.id ?? "", {
    name: "b",
    defaultInstanceAuth: oauth("https://elsewhere.example.com"),
  });
  await round();
  expect(credentials().authenticationUrl).toBe("https://elsewhere.example.com");
  expect(secret(name)?.metadata["resourceVersion"]).toBe(version);

  await admin.updateBundle(bundle?.id ?? "", { name: "b", defaultInstanceAuth: null });
  await round();
  expect(credentials()).toEqual({ type: "", secretName: "" });
  expect(secrets()).toEqual({});
});

test("RA-33 RA-34 UCL is told the runtime's URLs where it has others", async () => {
  const { admin, round, asked, runtimeId, ucl, applications } = await startedProgram();
  await admin.register({ name: "a" });
  await round();
  expect(asked("setRuntimeLabel")).toBe(2);
  await round();
  expect(asked("setRuntimeLabel")).toBe(0);
  await admin.setRuntimeLabel(runtimeId, "runtime_consoleUrl", "https://wrong.example.com");
  await round();
  expect(asked("setRuntimeLabel")).toBe(1);

  await admin.setRuntimeLabel(runtimeId, "runtime_consoleUrl", "https://wrong.example.com");
  await admin.register({ name: "b" });
  ucl.faults.add({ match: { operation: "setRuntimeLabel" }, action: { graphqlError: { message: "no", code: 10 } } });
  const outcome = await round();
  expect(outcome).toMatchObject({ result: "labels-failed", error: { message: expect.stringContaining("no") } });
  expect(applications()).toHaveLength(2);
});

test("RA-38 a new address of the gateway is written everywhere", async () => {
  const world = await startedProgram();
  await world.admin.register({ name: "a", bundles: [{ name: "b", apiDefinitions: [api("a")] }] });
  await world.round();
  await world.restart({ centralGatewayServiceUrl: "http://gateway:1234/" });
  await world.round();
  expect(world.application("mp-a")?.spec.services[0].entries[0].centralGatewayUrl).toBe("http://gateway:1234/mp-a/b/a");
});

test("a restart finds everything as it left it", async () => {
  const world = await startedProgram({ overrides: { propagateLabels: ["region"] } });
  await world.admin.register({
    name: "a",
    labels: { region: "eu" },
    bundles: [{ name: "b", defaultInstanceAuth: basic(), apiDefinitions: [api("a")] }],
  });
  await world.round();
  expect(world.application("mp-a")?.metadata["labels"]).toMatchObject({ region: "eu" });
  await world.restart();
  world.kubeApi.requests.clear();
  await world.round();
  expect(writes(world.kubeApi)).toEqual([]);
  await world.restart({ propagateLabels: [] });
  await world.round();
  expect(Object.keys(world.application("mp-a")?.metadata["labels"] ?? {})).toEqual([
    "applicationconnector.kyma-project.io/managed-by",
  ]);
});
