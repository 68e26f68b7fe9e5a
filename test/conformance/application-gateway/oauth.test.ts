import { beforeEach, describe, expect, test } from "vitest";
import { open } from "./http.ts";
import { changesWithinMs } from "./other/other-gateway.ts";
import { echoOf, errorOf, expectReason, headersOf, until, useWorld } from "./world.ts";

const world = useWorld({ proxyTimeoutMs: 1_000 });

beforeEach(() => {
  world.idp.reset();
  world.idp.tokenLifetimeS = 3_600;
});

describe("OAuth", () => {
  test("AG-34 fetches a token with a form, the client in body and header, and no user agent", async () => {
    const app = oauthApi({ clientId: "client" });
    await world.settled();
    const [authorization = ""] = headersOf(echoOf(await world.call(`/${app}/s`)), "authorization");
    expect(world.idp.isValid(authorization.replace(/^Bearer /, ""))).toBe(true);
    const [request] = world.idp.requests;
    expect(request).toMatchObject({
      method: "POST",
      body: "client_id=client&client_secret=client-secret&grant_type=client_credentials",
    });
    const headers = { headers: request?.headers ?? [] };
    expect(headersOf(headers, "content-type")).toEqual(["application/x-www-form-urlencoded"]);
    expect(headersOf(headers, "authorization")).toEqual([
      `Basic ${Buffer.from("client:client-secret").toString("base64")}`,
    ]);
    expect(headersOf(headers, "user-agent")).toEqual([]);
  });

  test("AG-35 adds headers and query of its Secret to the token request only", async () => {
    const app = oauthApi({ headers: '{"X-Tenant":["t"]}', queryParameters: '{"hint":["h"]}' });
    await world.settled();
    const seen = echoOf(await world.call(`/${app}/s/x`));
    expect(seen.url).toBe("/x");
    expect(headersOf(seen, "x-tenant")).toEqual([]);
    expect(world.idp.requests[0]?.query).toEqual({ hint: "h" });
    expect(headersOf({ headers: world.idp.requests[0]?.headers ?? [] }, "x-tenant")).toEqual(["t"]);
  });

  test.each([
    [
      "post",
      "audience=aud&client_id=client&client_secret=client-secret&grant_type=client_credentials&scope=a+b",
      false,
    ],
    ["basic", "audience=aud&client_id=client&grant_type=client_credentials&scope=a+b", true],
  ])("asks with what its Secret says of the request: tokenAuthMethod %s", async (tokenAuthMethod, body, inHeader) => {
    const app = oauthApi({ clientId: "client", tokenAuthMethod, scope: "a b", bodyParameters: '{"audience":"aud"}' });
    await world.settled();
    const [authorization = ""] = headersOf(echoOf(await world.call(`/${app}/s`)), "authorization");
    expect(world.idp.isValid(authorization.replace(/^Bearer /, ""))).toBe(true);
    expect(world.idp.requests[0]?.body).toBe(body);
    const sent = headersOf({ headers: world.idp.requests[0]?.headers ?? [] }, "authorization");
    expect(sent).toEqual(inHeader ? [`Basic ${Buffer.from("client:client-secret").toString("base64")}`] : []);
  });

  test("AG-31 asks for no token when the client brings one", async () => {
    const app = oauthApi();
    await world.settled();
    const seen = echoOf(await world.call(`/${app}/s`, { headers: ["Access-Token", "Bearer ext"] }));
    expect(headersOf(seen, "authorization")).toEqual(["Bearer ext"]);
    expect(world.idp.requests).toEqual([]);
  });

  test("AG-52 calls the target once when it refuses a token that the client brought", async () => {
    const app = oauthApi();
    await world.settled();
    const answer = await world.call(`/${app}/s/oauth/echo`, { headers: ["Access-Token", "Bearer ext"] });
    expect(answer.status).toBe(401);
    expect(world.target.requests.total).toBe(1);
    expect(world.idp.requests).toEqual([]);
  });

  test("AG-36 uses a token as long as it lives", async () => {
    const app = oauthApi();
    await world.settled();
    for (let round = 0; round < 5; round++) expect((await world.call(`/${app}/s/oauth/echo`)).status).toBe(200);
    expect(world.idp.requests.length).toBe(1);
  });

  test("AG-37 fetches another when it has ended", async () => {
    world.idp.tokenLifetimeS = 3;
    const app = oauthApi();
    await world.settled();
    let calls = 0;
    await until(async () => {
      calls++;
      expect((await world.call(`/${app}/s/oauth/echo`)).status).toBe(200);
      return world.idp.requests.length >= 2;
    });
    // None was refused first and sent again.
    expect(world.target.requests.total).toBe(calls);
  });

  test.each([
    [403, "incorrect response code '403' while getting token from "],
    [500, "incorrect response code '500' while getting token from "],
    [201, "incorrect response code '201' while getting token from "],
    ["garbage", "failed to unmarshal token response body: "],
    ["missing_token", "failed to unmarshal token response body: "],
    ["reset", "failed to make a request to '"],
    ["hang", "failed to make a request to '"],
  ] as const)("AG-38 answers 502 when the token server answers with %s", async (mode, text) => {
    const app = oauthApi();
    await world.settled();
    world.idp.fail(mode);
    const answer = await world.call(`/${app}/s`);
    expect(answer.status).toBe(502);
    expect(errorOf(answer).error).toContain(text);
    expectReason(answer, "token_request_failed");
    expect(answer.body.toString()).not.toContain("client-secret");
    expect(world.target.requests.total).toBe(0);
  });

  test("recovers within a second or two once the token server does", async () => {
    const app = oauthApi();
    await world.settled();
    world.idp.fail(500);
    for (let round = 0; round < 10; round++) expect((await world.call(`/${app}/s`)).status).toBe(502);
    expect(world.idp.requests.length).toBeLessThanOrEqual(2);
    world.idp.heal();
    await until(async () => (await world.call(`/${app}/s`)).status === 200, changesWithinMs + 1_000);
  });

  test.each([undefined, "60", 60.5, 0, -1])("AG-39 takes expires_in %j", async (lifetime) => {
    world.idp.tokenLifetimeS = lifetime;
    const app = oauthApi();
    await world.settled();
    for (let round = 0; round < 2; round++) expect((await world.call(`/${app}/s`)).status).toBe(200);
    const isKept = lifetime !== 0 && lifetime !== -1;
    expect(world.idp.requests.length).toBe(isKept ? 1 : 2);
  });

  test("AG-40 asks once for 50 parallel first calls", async () => {
    const app = oauthApi();
    await world.settled();
    world.idp.fail({ slowMs: 200 }, 1);
    const answers = await Promise.all(Array.from({ length: 50 }, () => world.call(`/${app}/s`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(world.idp.requests.length).toBe(1);
  });

  test("AG-41 keeps tokens apart that were asked for differently", async () => {
    const client = { clientId: "client", clientSecret: "client-secret" };
    const a = oauthApi({ ...client, queryParameters: '{"scope":["A"]}' });
    const b = oauthApi({ ...client, queryParameters: '{"scope":["B"]}' });
    await world.settled();
    const tokens = [];
    for (const app of [a, b, a, b]) tokens.push(headersOf(echoOf(await world.call(`/${app}/s`)), "authorization")[0]);
    expect(world.idp.requests.map(({ query }) => query["scope"])).toEqual(["A", "B"]);
    expect(tokens[0]).toBe(tokens[2]);
    expect(tokens[1]).toBe(tokens[3]);
    expect(tokens[0]).not.toBe(tokens[1]);
  });

  test("shares a token between APIs of the same client", async () => {
    world.idp.register({ id: "shared", secret: "client-secret" });
    const secretName = world.secret({ clientId: "shared", clientSecret: "client-secret" });
    const credentials = { type: "OAuth", secretName, authenticationUrl: world.idp.tokenUrl };
    const app = world.application([
      { displayName: "one", entries: [{ credentials }] },
      { displayName: "two", entries: [{ credentials }] },
    ]);
    await world.settled();
    await world.call(`/${app}/one`);
    await world.call(`/${app}/two`);
    expect(world.idp.requests.length).toBe(1);
  });

  test("drops a token that the target refuses", async () => {
    const app = oauthApi();
    await world.settled();
    expect((await world.call(`/${app}/s/oauth/echo`)).status).toBe(200);
    world.idp.revokeAll();
    await until(async () => (await world.call(`/${app}/s/oauth/echo`)).status === 200);
    expect(world.idp.requests.length).toBe(2);
  });

  test("carries a body that arrives before the token does", async () => {
    const app = oauthApi();
    await world.settled();
    world.idp.fail({ slowMs: 100 }, 1);
    const body = "x".repeat(300_000);
    const answer = await world.call(`/${app}/s/sink`, { method: "POST", body });
    expect(JSON.parse(answer.body.toString())).toMatchObject({ bytes: 300_000 });
  });

  test("that takes its time holds up nobody: the call goes to where the API is by then", async () => {
    const app = oauthApi({}, "moving");
    await world.settled();
    world.idp.fail({ slowMs: 500 }, 1);
    const answer = world.call(`/${app}/s/x`);
    await until(() => world.idp.requests.length === 1);
    const credentials = { type: "OAuth", secretName: "moving", authenticationUrl: world.idp.tokenUrl };
    const entries = [{ targetUrl: `http://localhost:${world.target.port}/moved`, credentials }];
    world.application([{ displayName: "s", entries }], {}, app);
    expect(echoOf(await answer).url).toBe("/moved/x");
  });

  test("is not used for a client that has left meanwhile", async () => {
    const app = oauthApi();
    await world.settled();
    world.idp.fail({ slowMs: 300 }, 1);
    const socket = await open(world.gateway.ports.proxy);
    socket.write(`GET /${app}/s/x HTTP/1.1\r\nHost: x\r\n\r\n`);
    await until(() => world.idp.requests.length === 1);
    socket.destroy();
    expect((await world.call(`/${app}/s/y`)).status).toBe(200);
    expect(world.target.requests.list().map(({ url }) => url)).toEqual(["/y"]);
    const metrics = (await world.callHealth("/metrics")).body.toString();
    expect(metrics).toContain(`agw_inflight_requests{application="${app}",service="s",entry=""} 0`);
    expect(metrics).toContain(
      `agw_requests_total{application="${app}",service="s",entry="",code="499",origin="gateway"} 1`,
    );
  });

  test("follows a rotated client secret", async () => {
    const app = oauthApi({}, "rotated");
    await world.settled();
    await world.call(`/${app}/s`);
    world.idp.register({ id: "client-2", secret: "rotated-client-2" });
    world.secret({ clientId: "client-2", clientSecret: "rotated-client-2" }, "rotated");
    await until(async () => {
      await world.call(`/${app}/s`);
      return world.idp.requests.some(({ form }) => form["client_id"] === "client-2");
    }, changesWithinMs + 1_000);
  });

  test.each([301, 302, 303, 307, 308] as const)(
    "never takes its secret to another origin after a %i",
    async (status) => {
      const app = oauthApi();
      await world.settled();
      world.idp.fail({ redirect: `${world.target.url}/elsewhere`, status });
      expect((await world.call(`/${app}/s`)).status).toBe(502);
      expect(world.target.requests.total).toBe(0);
    },
  );
});

let clients = 0;

/** An API with a client of its own, so that no test meets another's tokens. */
function oauthApi(additions: Record<string, string> = {}, name?: string): string {
  const clientId = `client-of-test-${++clients}`;
  world.idp.register({ id: clientId, secret: "client-secret" });
  const secretName = world.secret({ clientId, clientSecret: "client-secret", ...additions }, name);
  return world.api({ credentials: { type: "OAuth", secretName, authenticationUrl: world.idp.tokenUrl } });
}
