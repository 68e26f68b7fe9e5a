import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { call } from "./http.ts";
import { configFor, echoOf, expectReason, headersOf, startedGateway, until, useWorld } from "./world.ts";

const tokenRequestsPerServer = 3;
const world = useWorld({ proxyTimeoutMs: 2_000, tokenRequestsPerServer });

beforeEach(() => {
  world.idp.reset();
  world.idp.tokenLifetimeS = 3600;
  world.target.reset();
});

describe("a token endpoint that is down", () => {
  test("is not missed until a token's real end, however early another is wanted", async () => {
    const app = api({ "token-eager-expiry": "1h" });
    await world.settled();
    world.idp.tokenLifetimeS = 3;
    const first = tokenIn(await world.call(`/${app}/s`));
    const endsAt = Date.now() + 3_000;
    world.idp.fail("reset");
    await until(async () => {
      const seen = await world.call(`/${app}/s`);
      if (Date.now() < endsAt - 500) expect(tokenIn(seen)).toBe(first);
      return seen.status === 502;
    });
    expect(Date.now()).toBeGreaterThanOrEqual(endsAt - 100);
    // Some were for a token that was to be renewed, before the one that failed for all.
    expect(world.idp.requests.length).toBeGreaterThan(2);
    world.idp.heal();
    await until(async () => (await world.call(`/${app}/s`)).status === 200);
  });

  test("is left alone for as long as the gateway is told", async () => {
    const app = api();
    const gateway = await startedGateway(configFor(world.kubeconfig, { tokenRetryIntervalMs: 60_000 }));
    await gateway.synced;
    await world.settled();
    world.idp.fail(503, 1);
    for (let round = 0; round < 3; round++) {
      const answer = await call(gateway.ports.proxy, `/${app}/s`);
      expect(answer.status).toBe(502);
      expectReason(answer, "token_request_failed");
    }
    expect(world.idp.requests.length).toBe(1);
  });
});

describe("a status of the target that says that a token is of no use", () => {
  test("has the next call fetch another, and passes on itself", async () => {
    const app = api({ "token-purge-codes": "419, 503" });
    await world.settled();
    const tokens = [];
    for (const [path, status] of [
      ["/status/419", 419],
      ["/status/503", 502],
      ["/status/404", 404],
    ] as const) {
      tokens.push(tokenIn(await world.call(`/${app}/s/echo`)));
      expect((await world.call(`/${app}/s${path}`, { method: "POST", body: "x" })).status).toBe(status);
    }
    tokens.push(tokenIn(await world.call(`/${app}/s/echo`)));
    expect(world.target.requests.count({ method: "POST" })).toBe(3);
    expect(new Set(tokens.slice(0, 3)).size).toBe(3);
    expect(tokens[3]).toBe(tokens[2]);
  });

  test("is none, unless the Application says so", async () => {
    const app = api();
    await world.settled();
    const before = tokenIn(await world.call(`/${app}/s/echo`));
    expect((await world.call(`/${app}/s/status/419`)).status).toBe(419);
    expect(tokenIn(await world.call(`/${app}/s/echo`))).toBe(before);
  });
});

test("a call whose token can't be had goes without one where the Application says so, and never with the caller's own", async () => {
  const app = api({ "when-no-token": "pass-through" });
  await world.settled();
  world.idp.fail(503, 1);
  const headers = ["Authorization", "Bearer mine"];
  expect(headersOf(echoOf(await world.call(`/${app}/s`, { headers })), "authorization")).toEqual([]);
  await until(async () => tokenIn(await world.call(`/${app}/s`)) === world.idp.tokens.at(-1)?.token);
  const secretName = world.secret({ clientId: "client", clientSecret: "client-secret" });
  const credentials = { type: "OAuthJwtBearer", secretName, authenticationUrl: world.idp.tokenUrl };
  const forUsers = world.api({ credentials }, {}, { "when-no-token": "pass-through" });
  await world.settled();
  expectReason(await world.call(`/${forUsers}/s`), "user_token_missing");
});

test("a token of which nobody says how long it lives is used as long as the Application says", async () => {
  world.idp.tokenLifetimeS = undefined;
  const [usual, short] = [api(), api({ "token-default-life": "1s" })];
  await world.settled();
  for (let round = 0; round < 2; round++) {
    for (const app of [usual, short]) expect((await world.call(`/${app}/s`)).status).toBe(200);
  }
  expect(world.idp.requests.length).toBe(3);
});

test("however many users come at once, the endpoint is asked for few at a time, and others don't wait for them", async () => {
  const endpoint = await slowEndpoint();
  const secretName = world.secret({ clientId: "client", clientSecret: "client-secret" });
  const apiOf = (type: string) => world.api({ credentials: { type, secretName, authenticationUrl: endpoint.url } });
  const [forUsers, other] = [apiOf("OAuthJwtBearer"), apiOf("OAuth")];
  await world.settled();
  const users = Array.from({ length: 40 }, (_, index) => `token-of-user-${index}`);
  const calls = users.map(async (token) => {
    const seen = await world.call(`/${forUsers}/s`, { headers: ["X-User-Token", token] });
    expect(tokenIn(seen)).toBe(`given-for-${token}`);
  });
  await until(() => endpoint.open === tokenRequestsPerServer);
  const asClient = world.call(`/${other}/s`);
  await until(() => endpoint.open === tokenRequestsPerServer + 1);
  endpoint.answer();
  expect((await asClient).status).toBe(200);
  await Promise.all(calls);
  expect(endpoint.most).toBe(tokenRequestsPerServer + 1);
  expect(endpoint.asked).toBe(users.length + 1);
});

function api(annotations: Record<string, string> = {}): string {
  const secretName = world.secret({ clientId: "client", clientSecret: "client-secret", scope: `of-${++scopes}` });
  const credentials = { type: "OAuth", secretName, authenticationUrl: world.idp.tokenUrl };
  return world.api({ credentials }, {}, annotations);
}

/** So that no test meets another's tokens. */
let scopes = 0;

function tokenIn(answer: Parameters<typeof echoOf>[0]): string | undefined {
  return headersOf(echoOf(answer), "authorization")[0]?.slice("Bearer ".length);
}

/** Keeps all requests until it may answer; then each gets a token that says for whom it is. */
async function slowEndpoint() {
  const held: (() => void)[] = [];
  let [open, most, asked, mayAnswer] = [0, 0, 0, false];
  const server = createServer(async (request, response) => {
    asked++;
    most = Math.max(most, ++open);
    response.on("close", () => open--);
    const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
    const body = { access_token: `given-for-${form.get("assertion")}`, expires_in: 300 };
    if (!mayAnswer) await new Promise<void>((resolve) => held.push(resolve));
    response.end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    get open() {
      return open;
    },
    get most() {
      return most;
    },
    get asked() {
      return asked;
    },
    answer() {
      mayAnswer = true;
      for (const release of held.splice(0)) release();
    },
  };
}
