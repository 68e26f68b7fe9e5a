import { describe, expect, onTestFinished, test } from "vitest";
import { call, valuesOf } from "./http.ts";
import { exit, program, running } from "./program.ts";
import { configFor, createWorld, errorOf, startGateway, until, useWorld } from "./world.ts";

const forbidden = ["target_forbidden"];

describe("by default, addresses of this link and of cloud metadata", () => {
  const world = useWorld();

  test.each([
    "http://169.254.169.254/latest/meta-data",
    "http://169.254.0.1:8080",
    "http://[::ffff:169.254.169.254]",
    "http://[fe80::1]",
    "http://[fd00:ec2::254]",
    "http://2852039166",
    "http://0xa9.0xfe.0xa9.0xfe",
  ])("are not called: %s", async (targetUrl) => {
    const app = world.api({ targetUrl });
    await world.settled();
    const answer = await world.call(`/${app}/s`);
    expect(answer.status).toBe(502);
    expect(valuesOf(answer, "application-gateway-error")).toEqual(forbidden);
    expect(errorOf(answer).error).toContain("of --deniedTargetRanges");
  });

  test("are not called for tokens and sessions either", async () => {
    const secretName = world.secret({ clientId: "client", clientSecret: "client-secret" });
    const credentials = { type: "OAuth", secretName, authenticationUrl: "http://169.254.169.254/token?hidden" };
    const csrf = {
      ...credentials,
      authenticationUrl: world.idp.tokenUrl,
      csrfInfo: { tokenEndpointURL: "http://[fe80::1]/csrf" },
    };
    const apps = [world.api({ credentials }), world.api({ credentials: csrf })];
    await world.settled();
    for (const app of apps) {
      const answer = await world.call(`/${app}/s`);
      expect([answer.status, valuesOf(answer, "application-gateway-error")]).toEqual([502, forbidden]);
      expect(errorOf(answer).error).not.toContain("hidden");
    }
  });
});

test("what a name leads to is looked at, for targets, tokens and sessions alike", async () => {
  const world = await createWorld();
  onTestFinished(() => world.stop());
  const gateway = await startGateway(configFor(world.kubeconfig, { deniedTargetRanges: ["loopback"] }));
  onTestFinished(() => gateway.stop());
  await gateway.synced;
  // A target that may be called, if only it were reached.
  const targetUrl = "http://192.0.2.1";
  const byName = (url: string) => url.replace("127.0.0.1", "localhost");
  const credentials = {
    type: "OAuth",
    secretName: world.secret({ clientId: "client", clientSecret: "client-secret" }),
    authenticationUrl: byName(world.idp.tokenUrl),
  };
  const session = {
    type: "Basic",
    secretName: world.secret({ username: "u", password: "p" }),
    csrfInfo: { tokenEndpointURL: `${byName(world.target.url)}/csrf/token` },
  };
  const apps = [
    world.api({ targetUrl: byName(world.target.url) }),
    world.api({ targetUrl, credentials }),
    world.api({ targetUrl, credentials: session }),
  ];
  for (const app of apps) {
    await until(async () => (await call(gateway.ports.proxy, `/${app}/s`)).status === 502);
    const answer = await call(gateway.ports.proxy, `/${app}/s`);
    expect(errorOf(answer).error).toMatch(/address (127\.0\.0\.1|::1) is in loopback of --deniedTargetRanges/);
  }
  expect(world.target.requests.total).toBe(0);
  expect(world.target.connections.accepted).toBe(0);
  expect(world.idp.requests).toEqual([]);
});

test("ports and schemes may be limited, and this machine forbidden", async () => {
  const world = await createWorld();
  onTestFinished(() => world.stop());
  const cases = [
    ["https://127.0.0.1:8443", "address 127.0.0.1 is in loopback of --deniedTargetRanges"],
    ["https://t.example:9000", "port 9000 is not among --allowedTargetPorts"],
    ["http://t.example", "scheme http is not among --allowedTargetSchemes"],
  ].map(([targetUrl = "", told = ""]) => ({ app: world.api({ targetUrl }), told }));
  const allowed = world.api({ targetUrl: "https://t.example:8443" });
  const gateway = await running(
    world.kubeconfig,
    "--allowedTargetPorts=443,8000-8999",
    "--allowedTargetSchemes=https",
    "--deniedTargetRanges=loopback",
  );
  const line = (app: string) =>
    gateway
      .output()
      .split("\n")
      .find((text) => text.includes(app) && text.includes("mistakes"));
  for (const { app, told } of cases) await until(() => line(app)?.includes(told) === true);
  expect(line(allowed)).toBeUndefined();
}, 60_000);

test.each([
  ["--deniedTargetRanges=10.0.0.0/33", /deniedTargetRanges.*10\.0\.0\.0\/33/],
  ["--allowedTargetPorts=https", /allowedTargetPorts/],
  ["--allowedTargetSchemes=ftp", /allowedTargetSchemes/],
  ["--meshIdentityFrom=sidecar", /meshIdentityFrom/],
  ["--trustDomain=spiffe://x", /trustDomain/],
  ["--httpsProxy=socks5://u:hidden@proxy", /httpsProxy must be an http or https URL/],
])("%s is refused at the start", async (given, told) => {
  const started = program(given);
  expect(await exit(started.process)).not.toBe(0);
  expect(started.output()).toMatch(told);
  expect(started.output()).not.toContain("hidden");
});
