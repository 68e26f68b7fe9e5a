import {
  configMaps,
  customResourceDefinitionsResource,
  KubeError,
  type KubeObject,
  networkPolicies,
  type Resource,
  secrets,
} from "@application-connector/kube";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type ApiServer, startApiServer } from "./servers.ts";
import { installWidgets, widget, widgetDefinition, widgetsOf } from "./widgets.ts";
import { configMap, create, createWorld, until, type World } from "./world.ts";

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server?.stop());

async function applyAndSee<T>(world: World, resource: Resource<T>, object: T): Promise<T> {
  const before = structuredClone(object);
  const applied = await world.client.apply(resource, object, { fieldManager: "test" });
  const sent = world.proxy.requests.at(-1);
  expect(sent?.method).toBe("PATCH");
  expect(sent?.query.get("fieldValidation")).toBe("Strict");
  expect(JSON.parse(sent?.body ?? "")).toEqual(before);
  expect(object).toEqual(before);
  return applied;
}

test("KR-1 a NetworkPolicy keeps its `from`", async () => {
  const world = await createWorld(server);
  const policy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "only-friends", namespace: world.namespace },
    spec: {
      podSelector: { matchLabels: { app: "crm" } },
      policyTypes: ["Ingress" as const],
      ingress: [{ from: [{ podSelector: { matchLabels: { role: "friend" } } }], ports: [{ port: 8080 }] }],
    },
  };
  const applied = await applyAndSee(world, networkPolicies, policy);
  expect(applied.spec?.ingress?.[0]?.from).toEqual(policy.spec.ingress[0]?.from);
});

test("KR-1 a CustomResourceDefinition keeps `default`, `enum` and `x-kubernetes-validations`", async () => {
  const world = await createWorld(server);
  const schema = {
    type: "object",
    properties: { colour: { type: "string", enum: ["red", "blue"], default: "red" } },
    "x-kubernetes-validations": [{ rule: "self.colour != 'blue' || true", message: "any colour will do" }],
  };
  const definition = widgetDefinition(widgetsOf(world), { spec: schema });
  onTestFinished(async () => {
    await world.admin.delete(customResourceDefinitionsResource, { name: definition.metadata.name });
  });
  const applied = await applyAndSee(world, customResourceDefinitionsResource, definition);
  expect(applied.spec.versions[0]?.schema).toMatchObject({ openAPIV3Schema: { properties: { spec: schema } } });
});

test("KR-1 a HorizontalPodAutoscaler v2 arrives whole", async () => {
  const world = await createWorld(server);
  const autoscalers: Resource<KubeObject & { spec: object }> = {
    group: "autoscaling",
    version: "v2",
    plural: "horizontalpodautoscalers",
    kind: "HorizontalPodAutoscaler",
    namespaced: true,
  };
  await applyAndSee(world, autoscalers, {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "gateway", namespace: world.namespace },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "gateway" },
      minReplicas: 2,
      maxReplicas: 5,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: 60 } },
    },
  });
});

test("KR-1 fields no generated model knows arrive", async () => {
  const world = await createWorld(server);
  const widgets = widgetsOf(world);
  await installWidgets(world, widgets);
  const spec = { _from: "x", from: [{ default: null, continue: "yes", "x-unknown": [1, { deep: true }] }] };
  await untilServed(world, widgets);
  const applied = await applyAndSee(world, widgets, widget(world, "odd", spec));
  expect(applied.spec).toEqual(spec);
});

async function untilServed(world: World, resource: Resource<unknown>): Promise<void> {
  let isServed = false;
  const poll = async (): Promise<void> => {
    while (!isServed)
      isServed = await world.admin.list(resource, {}).then(
        () => true,
        () => false,
      );
  };
  await Promise.all([poll(), until("the definition is served", () => isServed)]);
}

test("KR-2 two hundred calls in a row share a connection or two", async () => {
  const world = await createWorld(server);
  await create(world, "often");
  for (let count = 0; count < 200; count++) {
    await world.client.get(configMaps, { name: "often", namespace: world.namespace });
  }
  expect(world.proxy.requests.filter(({ path }) => path.endsWith("/often"))).toHaveLength(200);
  expect(world.proxy.accepted).toBeLessThanOrEqual(2);
}, 60_000);

test("an unknown field is refused, because writes are validated strictly", async () => {
  const world = await createWorld(server);
  const misspelt = { ...configMap(world, "misspelt"), dta: { a: "1" } };
  const failure = await world.client.create(configMaps, misspelt).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(KubeError);
  expect((failure as KubeError).message).toContain("dta");
});

test("a delete with preconditions spares an object that is another one by now", async () => {
  const world = await createWorld(server);
  const old = await create(world, "twin");
  const ref = { name: "twin", namespace: world.namespace };
  await world.admin.delete(configMaps, ref);
  await create(world, "twin");
  const preconditions = { uid: old.metadata.uid ?? "" };
  const failure = await world.client.delete(configMaps, ref, { preconditions }).catch((error: KubeError) => error);
  expect(failure).toMatchObject({ isConflict: true });
  expect(await world.admin.get(configMaps, ref)).toMatchObject({ metadata: { name: "twin" } });
});

test("what went wrong is told without the values of a Secret", async () => {
  const world = await createWorld(server);
  const metadata = { name: "credentials", namespace: world.namespace };
  const secret = { apiVersion: "v1", kind: "Secret", metadata, data: { "bad key!": btoa("hunter2") } };
  const failure = await world.client.create(secrets, secret).catch((error: KubeError) => error);
  expect(failure).toMatchObject({ isInvalid: true });
  const everything = JSON.stringify(failure, Object.getOwnPropertyNames(failure));
  expect(everything).not.toContain("hunter2");
  expect(everything).not.toContain(btoa("hunter2"));
  expect(everything).not.toContain(server.adminToken);
});

test("errors say what they are", async () => {
  const world = await createWorld(server);
  const { namespace } = world;
  const of = (call: Promise<unknown>): Promise<KubeError> =>
    call.then(
      () => Promise.reject(new Error("no failure")),
      (e) => e,
    );
  const created = await create(world, "there");
  expect(await of(world.client.get(configMaps, { name: "absent", namespace }))).toMatchObject({
    isNotFound: true,
    isTransient: false,
    reason: "NotFound",
    details: { name: "absent", kind: "configmaps" },
  });
  expect(await of(world.client.create(configMaps, configMap(world, "there")))).toMatchObject({
    isAlreadyExists: true,
    isConflict: false,
  });
  await world.admin.replace(configMaps, configMap(world, "there", "newer"));
  expect(await of(world.client.replace(configMaps, { ...created, data: { text: "older" } }))).toMatchObject({
    isConflict: true,
  });
  expect(
    await of(
      world.client.list(configMaps, {
        namespace,
        resourceVersion: "99999999999",
        resourceVersionMatch: "NotOlderThan",
        maxTries: 1,
      }),
    ),
  ).toMatchObject({
    isResourceVersionTooLarge: true,
  });
});

test("the client knows which rights it used", async () => {
  const world = await createWorld(server);
  const { namespace, client } = world;
  await client.apply(configMaps, configMap(world, "used"), { fieldManager: "test" });
  await client.get(configMaps, { name: "used", namespace });
  expect(client.usedRights).toEqual([
    { verb: "patch", group: "", resource: "configmaps", namespace },
    { verb: "get", group: "", resource: "configmaps", namespace },
  ]);
});

test("a list of metadata that is empty is a list", async () => {
  const world = await createWorld(server);
  const { items } = await world.client.list(secrets, { namespace: world.namespace, metadataOnly: true });
  expect(items).toEqual([]);
});
