import { expect, test } from "vitest";
import { gatewayApi, istio, istioGateways, virtualServices } from "./foreign-definitions.ts";
import { createWorld, finalizer, readyWorld, until, validator } from "./world.ts";

test.each([
  { title: "CM-7 without Istio", definitions: [] },
  { title: "CM-8 with half of Istio", definitions: [virtualServices()] },
])("$title the object says so, and goes on when Istio comes", async ({ definitions }) => {
  const world = await createWorld({ definitions });
  await world.connect();
  await world.manager();
  await world.reaches("ApplyObjError");
  expect((await world.connector())?.["status"].state).toBe("Error");
  expect(await world.condition("Installed")).toMatchObject({ status: "False", message: "ISTIO not found" });
  await until(async () =>
    (await world.list("event")).some(({ type, reason }) => type === "Warning" && reason === "ApplyObjError"),
  );
  expect(await world.list("deployment")).toEqual([]);
  await world.create("definition", istioGateways());
  if (definitions.length === 0) await world.create("definition", virtualServices());
  await world.reaches("Verification");
  expect(await world.get("virtualService", validator)).toBeDefined();
});

test("CM-9 an Istio that serves v1 alone is as good", async () => {
  const world = await createWorld({ definitions: istio(["v1"]) });
  await world.connect();
  await world.manager();
  await world.reaches("Verification");
  expect((await world.get("virtualService", validator))?.["spec"].hosts).toEqual(["gateway.test.example"]);
});

test("CM-49 each mode needs its own kinds only, and takes away what the one before had", async () => {
  const world = await createWorld({ definitions: [] });
  await world.connect({ domainName: "test.example", ingress: { mode: "None" } });
  await world.manager();
  await world.reaches("Verification");
  for (const definition of [...istio(), ...gatewayApi()]) await world.create("definition", definition);

  const mode = (mode: string) => world.patch("connector", "default", { spec: { ingress: { mode } } });
  await mode("Istio");
  await until(async () => (await world.list("virtualService")).length === 1);
  const sidecar = async () =>
    (await world.get("deployment", validator))?.["spec"].template.metadata.annotations?.["sidecar.istio.io/inject"];
  expect(await sidecar()).toBe("true");

  await mode("GatewayAPI");
  await until(async () => (await world.list("httpRoute")).length === 1);
  expect(await world.list("gatewayOfApi")).toHaveLength(1);
  await until(async () => (await world.list("virtualService")).length === 0);
  expect(await world.list("istioGateway")).toEqual([]);
  expect(await sidecar()).toBeUndefined();

  await mode("Istio");
  await until(async () => (await world.list("istioGateway")).length === 1);
  await until(async () => (await world.list("httpRoute")).length === 0);
  expect(await world.list("gatewayOfApi")).toEqual([]);
});

test("B11 a route with upstream's finalizer that is being deleted is let go, and comes back", async () => {
  const world = await readyWorld();
  const name = "kyma-gateway-application-connector";
  await world.patch("istioGateway", name, { metadata: { finalizers: [finalizer] } });
  await until(async () => (await world.get("istioGateway", name))?.metadata.finalizers === undefined, 5_000);
});
