import { expect, test } from "vitest";
import { ledger } from "../conformance/application-gateway/secrecy-ledger.ts";
import type { Any } from "../conformance/connector-manager/kinds.ts";
import {
  agent,
  createWorld,
  gateway,
  moduleNamespace,
  until,
  validator,
} from "../conformance/connector-manager/world.ts";
import { noteEvents, noteSecrets } from "./secrets-of-cluster.ts";
import { installManager } from "./whole-product/manager.ts";
import { createOutside } from "./whole-product/outside.ts";
import { startPod } from "./whole-product/pod.ts";

const domainName = "e2e.example";
const host = `gateway.${domainName}`;
const encoded = (fields: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(fields).map(([key, text]) => [key, Buffer.from(text).toString("base64")]));

test("one object brings a product that pairs, carries a call and an event with its own rights, and goes with its data safe", async () => {
  const world = await createWorld({ controllers: true, definitions: [] });
  const outside = await createOutside(host);
  const { certificate, key } = outside.door;
  await world.create("secret", {
    metadata: { name: "kyma-gateway-certs" },
    data: encoded({ "tls.crt": certificate, "tls.key": key }),
  });
  const deploymentOf = async (name: string) => (await world.get("deployment", name)) as Any;
  const manager = await startPod(world, await installManager(world));

  // The manager installs.
  await world.connect({
    domainName,
    ingress: { mode: "BuiltIn", serviceType: "ClusterIP" },
    networkPoliciesEnabled: true,
    runtimeAgent: { controllerSyncPeriod: "2s", minimalConfigSyncTime: "1s" },
  });
  await world.reaches("Verification");
  await world.ready(gateway, validator);
  await world.reachesState("Ready");
  expect((await deploymentOf(agent))["spec"].replicas).toBe(0);
  const gatewayPod = await startPod(world, await deploymentOf(gateway));

  // UCL is told, and the agent pairs.
  const { runtimeId, token } = outside.pairing;
  await world.create("secret", {
    metadata: { name: "compass-agent-configuration" },
    data: encoded({
      CONNECTOR_URL: outside.ucl.urls.connectorURL,
      TOKEN: token,
      RUNTIME_ID: runtimeId,
      TENANT: outside.ucl.tenant,
    }),
  });
  await noteSecrets(world.client);
  await until(async () => (await deploymentOf(agent))["spec"].replicas === 1, 10_000);
  const agentPod = await startPod(world, await deploymentOf(agent), {
    env: { APP_METRICS_PORT: "0", APP_UCL_CA_FILE: world.write("ucl-ca.crt", outside.ucl.serverCa) },
  });
  const connection = () => world.get("connection", "compass-connection");
  await until(
    async () => (await connection())?.["status"]?.connectionState === "Synchronized",
    60_000,
    () => agentPod.output().slice(-2_000),
  );
  await world.ready(agent);
  await world.reachesState("Ready");

  // A call goes out: where the Application says.
  const application = (await world.get("application", "mp-crm")) as Any;
  const url = new URL(application["spec"].services[0].entries[0].centralGatewayUrl);
  expect(url.host).toBe(`${gateway}.${moduleNamespace}.svc.cluster.local:8082`);
  const answer = await fetch(`http://127.0.0.1:${gatewayPod.ports["http-proxy-mps"]}${url.pathname}/7`);
  expect(answer.status).toBe(200);
  const { headers } = (await answer.json()) as { headers: [string, string][] };
  expect(headers).toContainEqual(["Authorization", expect.stringMatching(/^Basic /)]);

  // An event comes in, from a system with a certificate of UCL.
  const validatorPod = await startPod(world, await deploymentOf(validator), {
    args: { eventingPublisherHost: `127.0.0.1:${outside.eventing.port}` },
  });
  const port = validatorPod.ports["https-mtls"] ?? 0;
  expect(await outside.sendEvent(port, "/mp-crm/events", "1")).toBe(204);
  expect(outside.eventing.events).toMatchObject([{ id: "1", originalType: "order.created.v1" }]);
  const compassMetadata = { applicationId: "other", authentication: { clientIds: ["other"] } };
  await world.create("application", { metadata: { name: "other" }, spec: { compassMetadata } });
  await until(async () => (await outside.sendEvent(port, "/other/events", "2")) === 403, 10_000);
  await world.remove("application", "other");

  const pods = { manager, gateway: gatewayPod, agent: agentPod, validator: validatorPod };
  expect(await noteSecrets(world.client)).toBeGreaterThan(20);
  await noteEvents(world.client);
  for (const [name, { ports, output }] of Object.entries(pods)) {
    ledger.said(`what the ${name} wrote`, output);
    for (const port of Object.values(ports)) {
      const metrics = await fetch(`http://127.0.0.1:${port}/metrics`).then(
        (answer) => answer.text(),
        () => "",
      );
      ledger.said(`the metrics of the ${name}`, metrics);
    }
  }

  // As long as there is an Application nothing goes, and everything works.
  await world.remove("connector", "default");
  await world.reachesState("Warning");
  expect(await world.condition("Deleted")).toMatchObject({ reason: "ApplicationsExist" });
  expect(await outside.sendEvent(port, "/mp-crm/events", "3")).toBe(204);
  expect(outside.eventing.events.map(({ id }) => id)).toEqual(["1", "3"]);
  await outside.leave();
  await until(async () => (await world.connector()) === undefined, 60_000);
  const codes = await Promise.all([gatewayPod, agentPod, validatorPod, manager].map((pod) => pod.stop()));
  expect(codes).toEqual([0, 0, 0, 0]);
  for (const kind of ["deployment", "replicaSet", "pod", "service"] as const) {
    await until(
      async () => (await world.list(kind)).length === 0,
      60_000,
      () => kind,
    );
  }
  expect(await world.get("secret", "kyma-gateway-certs")).toBeDefined();

  // No secret of the cluster was told by any program, in any way.
  expect(ledger.size.characters).toBeGreaterThan(10_000);
  ledger.check();

  const refused = [manager, gatewayPod, validatorPod].flatMap((pod) =>
    pod
      .output()
      .split("\n")
      .filter((line) => /forbidden/i.test(line)),
  );
  expect(refused).toEqual([]);
}, 300_000);
