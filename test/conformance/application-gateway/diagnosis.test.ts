import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ApplicationGateway, Config } from "@application-connector/application-gateway";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Answered, call, valuesOf } from "./http.ts";
import { diagnosisToken } from "./last-words.ts";
import { configFor, errorOf, startedGateway, until, useWorld } from "./world.ts";

const world = useWorld();
const token = diagnosisToken;

describe("GET /v1/apis", () => {
  test("is not there until it is asked for", async () => {
    const gateway = await gatewayWith({ diagnosis: "off" });
    expect((await ask(gateway, token)).status).toBe(404);
  });

  test("tells how each API is called, and what is in the way of its calls", async () => {
    const apps = await someApplications();
    const gateway = await diagnosed();
    for (const app of Object.values(apps)) await call(gateway.ports.proxy, `/${app}/s/x`);
    const of = (app: string) => reports(gateway, `?application=${app}`);

    expect(await of(apps.plain)).toEqual([
      {
        application: apps.plain,
        service: "s",
        entry: "",
        serviceName: "name-of-s",
        displayName: "s",
        entryName: "",
        callable: true,
        targetUrl: `${world.target.url}/base`,
        skipVerify: false,
        encodeUrl: true,
        credential: { type: "none" },
        annotations: [],
        inFlight: 0,
        mistakes: [],
      },
    ]);
    expect(await of(apps.oauth)).toMatchObject([
      {
        callable: true,
        credential: { type: "OAuth", secret: "oauth", tokenUrl: world.idp.tokenUrl },
        token: { lastFetch: { result: "success", durationMs: expect.any(Number) } },
        csrf: { lastFetch: { result: "success" } },
      },
    ]);
    const [oauth] = await of(apps.oauth);
    expect(Date.parse(oauth?.["token"].expiresAt)).toBeGreaterThan(Date.now());
    const why = expect.stringContaining("incorrect response code '401' while getting token from");
    expect(await of(apps.refused)).toMatchObject([
      { callable: true, token: { lastFetch: { result: "failure", error: why } } },
    ]);
    expect((await of(apps.refused))[0]?.["token"]).not.toHaveProperty("expiresAt");
    expect(await of(apps.certificate)).toMatchObject([
      { credential: { type: "CertificateGen" }, clientCertificate: { expiresAt: expect.stringMatching(/Z$/) } },
    ]);
    expect(await of(apps.broken)).toMatchObject([
      { callable: false, mistakes: [{ reason: "SecretNotFound", message: expect.stringContaining("'missing'") }] },
    ]);
    expect((await of(apps.clash)).map(({ callable }) => callable)).toEqual([false, false]);
    const all = await reports(gateway, "");
    expect(all.length).toBeGreaterThanOrEqual(7);
  });

  test("shows nothing secret", async () => {
    const apps = await someApplications();
    const gateway = await diagnosed();
    for (const app of Object.values(apps)) await call(gateway.ports.proxy, `/${app}/s/x?key=hidden`);
    const { body } = await ask(gateway, token);
    expect(body.toString()).toContain(apps.oauth);
    expect(body.toString()).not.toMatch(/hidden|client-secret|PRIVATE|CERTIFICATE-/);
  });

  test("tells thousands of APIs", async () => {
    const entries = Array.from({ length: 2_000 }, (_, index) => ({ name: `entry ${index}` }));
    const app = world.application([{ displayName: "many", entries }]);
    await world.settled();
    const gateway = await diagnosed();
    const answer = await ask(gateway, token, `?application=${app}`);
    expect(JSON.parse(answer.body.toString()).apis.length).toBe(2_000);
    world.cluster.delete({
      apiVersion: "applicationconnector.kyma-project.io/v1alpha1",
      kind: "Application",
      name: app,
    });
  });
});

test("AG-66 a circuit that is open is told, and counted", async () => {
  const app = world.api();
  await world.settled();
  const gateway = await withTokenFile({ circuitFailures: 1 }).then(({ gateway }) => gateway);
  const state = async (): Promise<unknown> => (await reports(gateway, `?application=${app}`))[0]?.["circuit"];
  expect(await state()).toBe("closed");
  await call(gateway.ports.proxy, `/${app}/s/broken/reset-before-head`);
  expect(await state()).toBe("open");
  const metrics = (await call(gateway.ports.externalApi, "/metrics")).body.toString();
  expect(metrics).toContain(`agw_circuit_state{application="${app}",service="s",entry=""} 2`);
});

describe("GET /v1/apis with the token of a file", () => {
  test.each([
    ["no token", undefined],
    ["another token", "a-token-of-somebody-else"],
    ["a part of the token", token.slice(0, -1)],
    ["no text", ""],
  ])("is refused to who shows %s", async (_, shown) => {
    const answer = await ask(await diagnosed(), shown);
    expect(answer.status).toBe(401);
    expect(valuesOf(answer, "www-authenticate")).toEqual(['Bearer realm="application-gateway"']);
    expect(errorOf(answer).code).toBe(401);
  });

  test("takes a new token as soon as it is in the file, and none from a file that can't be one", async () => {
    const { file, gateway } = await withTokenFile();
    const status = async (shown: string): Promise<number> => (await ask(gateway, shown)).status;
    expect(await status(token)).toBe(200);
    writeFileSync(file, "another-token-of-16-and-more\n");
    expect(await status(token)).toBe(401);
    expect(await status("another-token-of-16-and-more")).toBe(200);
    writeFileSync(file, "");
    expect(await status("another-token-of-16-and-more")).toBe(503);
    rmSync(file);
    expect(await status("another-token-of-16-and-more")).toBe(503);
  });
});

describe("GET /v1/apis by the rights of the cluster", () => {
  const rbac = "rbac.authorization.k8s.io";

  test("is answered to who may, refused to who may not, and to whom nobody knows", async () => {
    world.cluster.addUser({ token: "token-of-alice", name: "alice" });
    world.cluster.addUser({ token: "token-of-bob", name: "bob" });
    world.cluster.apply({
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRole",
      metadata: { name: "diagnosis" },
      rules: [{ nonResourceURLs: ["/v1/apis"], verbs: ["get"] }],
    });
    world.cluster.apply({
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: "diagnosis" },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "diagnosis" },
      subjects: [{ apiGroup: rbac, kind: "User", name: "alice" }],
    });
    const gateway = await gatewayWith({ diagnosis: "kubernetes" });
    const status = async (shown?: string): Promise<number> => (await ask(gateway, shown)).status;
    expect(await status("token-of-alice")).toBe(200);
    expect(await status("token-of-bob")).toBe(403);
    expect(await status("token-of-nobody")).toBe(401);
    expect(await status()).toBe(401);
  });

  test("asks the cluster once for a while, and says so when it can't be asked", async () => {
    world.cluster.addUser({ token: "token-of-carol", name: "carol" });
    const gateway = await gatewayWith({ diagnosis: "kubernetes" });
    world.cluster.requests.clear();
    for (let i = 0; i < 3; i++) await ask(gateway, "token-of-carol");
    const reviews = world.cluster.requests.list().filter(({ resource }) => resource?.endsWith("reviews"));
    expect(reviews.length).toBe(2);
    world.cluster.faults.status(503, { resource: "tokenreviews" });
    expect((await ask(gateway, "token-of-dave")).status).toBe(503);
  });
});

async function someApplications() {
  const client = { clientId: "client", clientSecret: "client-secret" };
  world.secret(client, "oauth");
  world.secret({ ...client, clientSecret: "hidden-and-wrong" }, "refused");
  const { certificate: crt, key } = world.authority.issue({ subject: "CN=c", usage: ["client"], keyType: "ec" });
  world.secret({ crt, key }, "certificate");
  const { tokenUrl } = world.idp;
  const csrfInfo = { tokenEndpointURL: `${world.target.url}/csrf/token?key=hidden` };
  const oauth = { type: "OAuth", secretName: "oauth", authenticationUrl: `${tokenUrl}?key=hidden`, csrfInfo };
  const apps = {
    plain: world.api({ targetUrl: `${world.target.url.replace("//", "//u:hidden@")}/base?key=hidden` }),
    oauth: world.api({ credentials: oauth }),
    refused: world.api({ credentials: { type: "OAuth", secretName: "refused", authenticationUrl: tokenUrl } }),
    certificate: world.api({
      targetUrl: world.target.mtlsUrl ?? "",
      credentials: { type: "CertificateGen", secretName: "certificate" },
    }),
    broken: world.api({ credentials: { type: "Basic", secretName: "missing" } }),
    clash: world.application([
      { displayName: "Dup", entries: [{}] },
      { displayName: "dup", entries: [{}] },
    ]),
  };
  await world.settled();
  return apps;
}

async function withTokenFile(overrides: Partial<Config> = {}): Promise<{ file: string; gateway: ApplicationGateway }> {
  const folder = mkdtempSync(path.join(tmpdir(), "diagnosis-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, "token");
  writeFileSync(file, `${token}\n`);
  return { file, gateway: await gatewayWith({ diagnosis: "token", diagnosisTokenFile: file, ...overrides }) };
}

async function diagnosed(): Promise<ApplicationGateway> {
  return (await withTokenFile()).gateway;
}

async function gatewayWith(overrides: Partial<Config>): Promise<ApplicationGateway> {
  const gateway = await startedGateway(configFor(world.kubeconfig, overrides));
  await until(async () => (await call(gateway.ports.externalApi, "/v1/ready")).status === 200);
  return gateway;
}

function ask(gateway: ApplicationGateway, shown: string | undefined, query = ""): Promise<Answered> {
  const headers = shown === undefined ? [] : ["Authorization", `Bearer ${shown}`];
  return call(gateway.ports.externalApi, `/v1/apis${query}`, { headers });
}

// biome-ignore lint/suspicious/noExplicitAny: what the tests look at differs
async function reports(gateway: ApplicationGateway, query: string): Promise<Record<string, any>[]> {
  const answer = await ask(gateway, token, query);
  expect(answer.status).toBe(200);
  return JSON.parse(answer.body.toString()).apis;
}
