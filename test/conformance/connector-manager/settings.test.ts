import { expect, test } from "vitest";
import type { Any } from "./kinds.ts";
import { agent, createWorld, gateway, readyWorld, until, validator, type World } from "./world.ts";

const argsOf = (deployment: Any | undefined): string[] => deployment?.["spec"].template.spec.containers[0].args;
const envOf = (deployment: Any | undefined, name: string): string | undefined =>
  deployment?.["spec"].template.spec.containers[0].env.find((variable: Any) => variable["name"] === name)?.value;
const hosts = async (world: World) => {
  const route = await world.get("virtualService", validator);
  const door = await world.get("istioGateway", "kyma-gateway-application-connector");
  const runtime = await world.get("deployment", agent);
  return [
    route?.["spec"].hosts,
    door?.["spec"].servers.map((server: Any) => server["hosts"]),
    envOf(runtime, "APP_RUNTIME_EVENTS_URL"),
    envOf(runtime, "APP_RUNTIME_CONSOLE_URL"),
  ];
};
const hostsOf = (domain: string) => [
  [`gateway.${domain}`],
  [[`gateway.${domain}`]],
  `https://gateway.${domain}`,
  `https://console.${domain}`,
];
const shootInfo = { metadata: { name: "shoot-info", namespace: "kube-system" }, data: { domain: "shoot.example" } };

test("CM-10 without a domain nothing is installed, and everything as soon as shoot-info names one", async () => {
  const world = await createWorld();
  await world.manager();
  await world.connect({});
  await world.reaches("DomainNotFound");
  expect(await world.condition("Installed")).toMatchObject({ status: "False", reason: "DomainNotFound" });
  expect((await world.connector())?.["status"].state).toBe("Warning");
  expect(await world.list("istioGateway")).toEqual([]);
  expect(await world.list("deployment")).toEqual([]);
  await until(async () =>
    (await world.list("event")).some(({ reason, type }) => reason === "DomainNotFound" && type === "Warning"),
  );

  await world.create("configMap", { ...shootInfo, data: { domain: "late.example" } });
  await world.reaches("Verification");
  expect((await hosts(world))[0]).toEqual(["gateway.late.example"]);
});

test("CM-11 CM-12 CM-13 the object's domain wins, everything follows a change of it, and without it shoot-info counts", async () => {
  const world = await createWorld();
  await world.create("configMap", shootInfo);
  await world.connect();
  await world.manager();
  await world.reaches("Verification");
  expect(await hosts(world)).toEqual(hostsOf("test.example"));

  await world.patch("connector", "default", { spec: { domainName: "other.example" } });
  await until(async () => JSON.stringify(await hosts(world)) === JSON.stringify(hostsOf("other.example")));
  await until(async () => (await world.connector())?.["status"].ingressHost === "gateway.other.example");

  await world.patch("connector", "default", { spec: { domainName: null } });
  await until(async () => JSON.stringify(await hosts(world)) === JSON.stringify(hostsOf("shoot.example")));
});

test("CM-14 CM-15 CM-17 CM-21 timeouts, levels and formats become flags, each once and in its place", async () => {
  const world = await createWorld();
  await world.connect({
    domainName: "test.example",
    appGateway: { proxyTimeout: "1m30s", requestTimeout: "45s", logLevel: "debug" },
    appConnValidator: { logLevel: "error", logFormat: "text" },
  });
  await world.manager();
  await world.reaches("Verification");
  const args = argsOf(await world.get("deployment", gateway));
  expect(args.filter((arg) => /Timeout|logLevel/.test(arg))).toEqual([
    "--logLevel=debug",
    "--requestTimeout=45",
    "--proxyTimeout=90",
  ]);
  expect(args.slice(0, 3)).toEqual(["--proxyPort=8080", "--proxyPortCompass=8082", "--externalAPIPort=8081"]);
  const door = await world.get("deployment", validator);
  expect([envOf(door, "APP_LOG_LEVEL"), envOf(door, "APP_LOG_FORMAT")]).toEqual(["error", "text"]);

  await world.patch("connector", "default", { spec: { appGateway: { proxyTimeout: "400ms", requestTimeout: null } } });
  await until(async () => argsOf(await world.get("deployment", gateway)).includes("--proxyTimeout=1"));
  expect(argsOf(await world.get("deployment", gateway))).toContain("--requestTimeout=10");
  await world.patch("connector", "default", { spec: { appGateway: null } });
  await world.patch("connector", "default", { spec: { appGateway: { logLevel: "warn" } } });
  await until(async () => argsOf(await world.get("deployment", gateway)).includes("--logLevel=warn"));
  expect(argsOf(await world.get("deployment", gateway))).toContain("--proxyTimeout=10");
});

test("CM-16 CM-20 an object without a spec is like one with all defaults", async () => {
  const world = await createWorld();
  await world.create("configMap", shootInfo);
  await world.connect(null);
  await world.manager();
  await world.reaches("Verification");
  const args = argsOf(await world.get("deployment", gateway));
  expect(args).toEqual(expect.arrayContaining(["--logLevel=info", "--requestTimeout=10", "--proxyTimeout=10"]));
  const door = await world.get("deployment", validator);
  expect([envOf(door, "APP_LOG_LEVEL"), envOf(door, "APP_LOG_FORMAT")]).toEqual(["info", "json"]);
  await world.ready(gateway, validator);
  await world.reachesState("Ready");
});

test("CM-22 CM-23 CM-24 the agent runs as long as there is a configuration, and anew when that changes", async () => {
  const world = await readyWorld();
  const replicas = async () => (await world.get("deployment", agent))?.["spec"].replicas;
  const template = async () => JSON.stringify((await world.get("deployment", agent))?.["spec"].template);
  expect(await replicas()).toBe(0);
  expect(await world.condition("RuntimeAgentAvailable")).toMatchObject({ status: "False", reason: "NotConfigured" });

  const name = "compass-agent-configuration";
  await world.create("secret", { metadata: { name }, data: { TOKEN: "YQ==" } });
  await until(async () => (await replicas()) === 1, 5_000);
  const before = await template();
  await world.create("secret", { metadata: { name: "unrelated" }, data: { TOKEN: "YQ==" } });
  await world.patch("secret", name, { metadata: { labels: { a: "b" } } });
  await world.patch("secret", name, { data: { TOKEN: "Yg==" } });
  await until(async () => (await template()) !== before, 5_000);
  expect(await template()).not.toContain("Yg==");

  await world.remove("secret", name);
  await until(async () => (await replicas()) === 0, 5_000);
  await world.reachesState("Ready");
});

test("CM-52 conditions speak of the generation they are about, and since when", async () => {
  const world = await readyWorld();
  const before = (await world.connector()) as Any;
  const speaksOf = ({ metadata, status }: Any) =>
    status.observedGeneration === metadata["generation"] &&
    status.conditions.every((condition: Any) => condition["observedGeneration"] === metadata["generation"]);
  expect(speaksOf(before)).toBe(true);
  const since = ({ status }: Any) =>
    Object.fromEntries(status.conditions.map((condition: Any) => [condition["type"], condition["lastTransitionTime"]]));
  expect(Object.values(since(before)).every((time) => typeof time === "string")).toBe(true);
  await world.patch("connector", "default", { spec: { appGateway: { scaling: { maxReplicas: 3 } } } });
  await until(async () => {
    const now = (await world.connector()) as Any;
    return now.metadata.generation === 2 && speaksOf(now);
  }, 5_000);
  expect(since((await world.connector()) as Any)).toEqual(since(before));
});

test("B29 the manager's images are fetched as it is told, and its validator is as strict as it is told, unless the object says so", async () => {
  const world = await createWorld();
  await world.connect();
  await world.manager({
    imageGateway: "registry.example.com/gateway@sha256:1",
    imagePullPolicy: "Always",
    imagePullSecrets: ["one", "two"],
    validatorSecurityProfile: "compat",
  });
  await world.reaches("Verification");
  for (const name of [gateway, validator, agent]) {
    const { imagePullSecrets, containers } = ((await world.get("deployment", name)) as Any)["spec"].template.spec;
    expect([imagePullSecrets, containers[0].imagePullPolicy], name).toEqual([
      [{ name: "one" }, { name: "two" }],
      "Always",
    ]);
  }
  const container = ((await world.get("deployment", gateway)) as Any)["spec"].template.spec.containers[0];
  expect(container.image).toBe("registry.example.com/gateway@sha256:1");
  const profile = async () => envOf(await world.get("deployment", validator), "APP_SECURITY_PROFILE");
  expect(await profile()).toBe("compat");

  await world.patch("connector", "default", { spec: { appConnValidator: { securityProfile: "strict" } } });
  await until(async () => (await profile()) === "strict");
});
