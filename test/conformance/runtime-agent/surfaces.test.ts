import { customResourceDefinitions } from "@application-connector/crds";
import { expect, test } from "vitest";
import { clientSecret, createWorld, formation, pairedWorld, rounds, until } from "./world.ts";

const get = async (port: number, path: string, method = "GET") => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
  return { status: response.status, text: await response.text() };
};

test("RA-40 health says ok to every method, and readiness waits for a first look at the connection", async () => {
  const world = await createWorld();
  const agent = await world.agent();
  for (const method of ["GET", "POST", "PUT", "DELETE", "OPTIONS"]) {
    expect(await get(agent.ports.health, "/healthz", method)).toEqual({ status: 200, text: "ok\n" });
  }
  await until(async () => (await get(agent.ports.health, "/readyz")).status === 200);
  expect(world.state()).toBe("ConnectionFailed");
});

test("the connection can be followed in the metrics", async () => {
  const world = await pairedWorld();
  const agent = await world.agent();
  await rounds(world, 1);
  const { text } = await get(agent.ports.metrics, "/metrics");
  const notAfter = Date.parse(world.connection()?.status?.connectionStatus.certificateStatus.notAfter ?? "") / 1000;
  expect(text.split("\n")).toEqual(
    expect.arrayContaining([
      'runtime_agent_connection_state{state="Synchronized"} 1',
      'runtime_agent_connection_state{state="ConnectionFailed"} 0',
      `runtime_agent_certificate_not_after_timestamp_seconds ${notAfter}`,
      "runtime_agent_leader 1",
      'runtime_agent_backoff_seconds{service="connector"} 0',
      expect.stringMatching(
        /^runtime_agent_ucl_requests_total\{service="connector",operation="configuration",code="ok"\} \d/,
      ),
    ]),
  );
});

test("RA-50 a dry run says what it would do and does nothing", async () => {
  const world = await pairedWorld();
  world.ucl.seed({ applications: { count: 3, name: "new", auth: "basic", formations: [formation] } });
  world.cluster.create({
    apiVersion: "applicationconnector.kyma-project.io/v1alpha1",
    kind: "Application",
    metadata: { name: "gone" },
    spec: { services: [], compassMetadata: { applicationId: "unknown", authentication: { clientIds: [] } } },
  });
  const agent = await world.agent({ dryRun: true });
  const plan = async () => await get(agent.ports.health, "/plan");
  expect([200, 404]).toContain((await plan()).status);
  await until(async () => (await plan()).status === 200);
  const { create, delete: remove } = JSON.parse((await plan()).text) as { create: unknown[]; delete: unknown[] };
  expect(create).toHaveLength(3);
  expect(remove).toEqual(["gone"]);
  await rounds(world, 1);
  expect(world.applications().map(({ metadata }) => metadata.name)).toEqual(["gone"]);
  expect(world.asked("setRuntimeLabel")).toEqual([]);
  expect(world.connection()?.status?.conditions).toContainEqual(expect.objectContaining({ type: "DryRun" }));
  const other = await pairedWorld();
  expect((await get((await other.agent()).ports.health, "/plan")).status).toBe(404);
});

test("RA-54 no token, key or password is said anywhere, though failing queries are logged", async () => {
  const world = await createWorld();
  world.ucl.seed({ applications: { count: 1, auth: "basic+parameters", formations: [formation] } });
  const tokens = [await world.token()];
  await world.configure({ TOKEN: tokens[0] ?? "" });
  const agent = await world.agent({ queryLogging: true, logLevel: "debug" });
  await world.reaches("Synchronized");
  // Everything fails once, with its answer there to be logged.
  for (const operation of ["configuration", "applicationsForRuntime", "signCertificateSigningRequest"]) {
    world.ucl.faults.add({ match: { operation }, action: { partialData: true }, times: 1 });
    world.patchConnection({ spec: { resyncNow: true, refreshCredentialsNow: true } });
    const failed = () => agent.lines.some((line) => line.includes(`"operation":"${operation}"`));
    await until(failed, 20_000);
  }
  // A token that UCL refuses.
  tokens.push(`${await world.token()}x`);
  await world.configure({ TOKEN: tokens[1] ?? "" });
  await until(() =>
    world.asked("configuration").some(({ listener, error }) => listener === "token" && error !== undefined),
  );
  await until(() => (world.connection()?.status?.connectionStatus.error ?? "") !== "");

  const key = world.secret(clientSecret)?.["key"] ?? "";
  const secrets = [...tokens, key, key.split("\n")[3] ?? "", "seeded-password", "X-Seeded"];
  const { text } = await get(agent.ports.metrics, "/metrics");
  const events = JSON.stringify(world.cluster.list({ apiVersion: "events.k8s.io/v1", kind: "Event" }));
  const said = [...agent.lines, text, events, JSON.stringify(world.connection())].join("\n");
  expect(said.length).toBeGreaterThan(5_000);
  for (const secret of secrets) expect(said).not.toContain(secret);
  expect(/.{0,80}(?:-----BEGIN|[A-Za-z0-9_-]{86}==)/.exec(said)?.[0]).toBeUndefined();
});

test("an API server that has an older definition of the connection gets no field that it does not know", async () => {
  const world = await createWorld();
  const definition = structuredClone(
    customResourceDefinitions.find(({ spec }) => spec.names.kind === "CompassConnection"),
  );
  const properties = definition?.spec.versions[0]?.schema.openAPIV3Schema.properties?.["status"]?.properties as
    | Record<string, unknown>
    | undefined;
  delete properties?.["conditions"];
  world.cluster.apply(definition as never);
  await world.configure();
  await world.agent();
  const { status } = await world.reaches("Synchronized");
  expect(status).not.toHaveProperty("conditions");
});
