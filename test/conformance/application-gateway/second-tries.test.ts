import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { isOurs } from "./other/other-gateway.ts";
import { errorOf, headersOf, until, useWorld } from "./world.ts";

const world = useWorld({ proxyTimeoutMs: 2_000, retryBufferBytes: 100_000, retryBufferDiskBytes: 4_000_000 });

beforeEach(() => {
  world.idp.reset();
  world.target.reset();
});

describe("a call that is refused with 401", () => {
  test("AG-49 goes out again with a new token, and its answer is passed on whole", async () => {
    const app = oauthApi();
    await world.settled();
    const answer = await world.call(`/${app}/s/once/401/chunked/1048576`);
    expect(answer).toMatchObject({ status: 200, complete: true });
    expect(answer.body.length).toBe(1024 * 1024);
    const tokens = world.target.requests.list().map((request) => headersOf(request, "authorization")[0]);
    expect(tokens).toEqual(world.idp.tokens.map(({ token }) => `Bearer ${token}`));
    expect(new Set(tokens).size).toBe(2);
    if (!isOurs) return;
    const metrics = (await world.callHealth("/metrics")).body.toString();
    const labels = `application="${app}",service="s",entry=""`;
    expect(metrics).toContain(`agw_retries_total{${labels},reason="401"} 1`);
    expect(metrics).toContain(`agw_inflight_requests{${labels}} 0`);
  });

  test("AG-49 costs one token for many callers", async () => {
    const app = oauthApi();
    await world.settled();
    expect((await world.call(`/${app}/s/oauth/echo`)).status).toBe(200);
    world.idp.revokeAll();
    const answers = await Promise.all(Array.from({ length: 30 }, () => world.call(`/${app}/s/oauth/echo`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(world.idp.requests.length).toBe(2);
  });

  test.each([
    { title: "small", size: 5 },
    { title: "kept in memory", size: 80_000 },
    { title: "kept on disk", size: 3_000_000 },
  ])("AG-49 has the same method, path and body again: $title", async ({ size }) => {
    const app = oauthApi();
    await world.settled();
    const body = Buffer.alloc(size, "0123456789");
    const answer = await world.call(`/${app}/s/once/401/echo?q=1`, { method: "PUT", body, headers: ["X-Mine", "1"] });
    const seen = JSON.parse(answer.body.toString());
    expect(answer.status).toBe(200);
    expect(seen).toMatchObject({ method: "PUT", url: "/once/401/echo?q=1" });
    expect(headersOf(seen, "x-mine")).toEqual(["1"]);
    expect(seen.body.sha256).toBe(createHash("sha256").update(body).digest("hex"));
    expect(world.target.requests.total).toBe(2);
    await nothingIsKept();
  });

  test("gets its first answer when its body is too large to be kept", async () => {
    const app = oauthApi();
    await world.settled();
    const answer = await world.call(`/${app}/s/once/401/echo`, { method: "POST", body: Buffer.alloc(5_000_000) });
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.body.toString())).toEqual({ refused: 1 });
    expect(world.target.requests.total).toBe(1);
    await nothingIsKept();
    // Its token is not used again all the same.
    expect((await world.call(`/${app}/s/echo`)).status).toBe(200);
    expect(world.idp.requests.length).toBe(2);
  });

  test("AG-51 twice gets the second answer with its body", async () => {
    const app = oauthApi();
    await world.settled();
    const answer = await world.call(`/${app}/s/once/401x2/echo`);
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.body.toString())).toEqual({ refused: 2 });
    expect(world.target.requests.total).toBe(2);
    expect(world.idp.requests.length).toBe(2);
  });

  test("gets what the second try brings, whatever it is", async () => {
    const app = oauthApi();
    await world.settled();
    expect((await world.call(`/${app}/s/once/401/status/503`)).status).toBe(502);
    expect((await world.call(`/${app}/s/once/401/status/404`)).status).toBe(404);
    expect((await world.call(`/${app}/s/once/401/broken/reset-before-head`)).status).toBe(502);
    expect((await world.call(`/${app}/s/once/401/broken/short-content-length`)).complete).toBe(false);
  });

  test("is answered with 502 when there is no new token", async () => {
    const app = oauthApi();
    await world.settled();
    expect((await world.call(`/${app}/s/oauth/echo`)).status).toBe(200);
    world.idp.revokeAll();
    world.idp.fail(500);
    const answer = await world.call(`/${app}/s/oauth/echo`);
    world.idp.heal();
    expect(answer.status).toBe(502);
    expect(errorOf(answer).error).toContain("incorrect response code '500' while getting token from ");
  });

  test("AG-52 is not sent again with another token than the one its client brought", async () => {
    const app = oauthApi();
    await world.settled();
    const answer = await world.call(`/${app}/s/once/401/echo`, { headers: ["Access-Token", "Bearer ext"] });
    expect(answer.status).toBe(401);
    expect(world.target.requests.total).toBe(1);
    expect(world.idp.requests).toEqual([]);
  });

  test("is not sent again where nothing can change", async () => {
    const basic = world.api({
      credentials: { type: "Basic", secretName: world.secret({ username: "u", password: "p" }) },
    });
    const { certificate: crt, key } = world.authority.issue({ subject: "CN=c", usage: ["client"], keyType: "ec" });
    const credentials = { type: "CertificateGen", secretName: world.secret({ crt, key }) };
    const mtls = world.api({ targetUrl: world.target.mtlsUrl ?? "", credentials }, { skipVerify: true });
    const none = world.api();
    await world.settled();
    for (const app of [basic, mtls, none]) {
      for (const status of [401, 403]) {
        expect((await world.call(`/${app}/s/once/${status}/${app}`)).status).toBe(status);
      }
    }
    expect(world.target.requests.total).toBe(6);
  });

  test.each(["404", "500", "407", "429"])("is not a call that is answered with %s", async (status) => {
    const app = oauthApi();
    await world.settled();
    await world.call(`/${app}/s/once/${status}/echo`);
    expect(world.target.requests.total).toBe(1);
  });
});

describe("a call that is refused with 403", () => {
  test.each([1, 3_000_000])(
    "AG-50 goes out again with a new CSRF token and the same body of %i bytes",
    async (size) => {
      const csrfInfo = { tokenEndpointURL: `${world.target.url}/basic/csrf/token` };
      const secretName = world.secret({ username: "demo", password: "demo" });
      const app = world.api({
        targetUrl: `${world.target.url}/basic/csrf`,
        credentials: { type: "Basic", secretName, csrfInfo },
      });
      await world.settled();
      const body = Buffer.alloc(size, "x");
      const post = () => world.call(`/${app}/s/sink`, { method: "POST", body });
      expect((await post()).status).toBe(200);
      world.target.expireCsrfSessions();
      world.target.requests.clear();
      const answer = await post();
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.body.toString())).toEqual({
        bytes: size,
        sha256: createHash("sha256").update(body).digest("hex"),
      });
      const posts = world.target.requests.list({ method: "POST" });
      const tokens = posts.map((request) => headersOf(request, "x-csrf-token")[0]);
      expect(tokens.length).toBe(2);
      expect(tokens[0]).not.toBe(tokens[1]);
      expect(new Set(posts.map((request) => headersOf(request, "cookie")[0])).size).toBe(2);
      expect(world.target.requests.count({ method: "GET" })).toBe(1);
      await nothingIsKept();
    },
  );
});

describe("a call that is refused because its Secret has changed meanwhile", () => {
  test("goes out again with the new one", async () => {
    const target = await holding();
    const app = world.api({
      targetUrl: target.url,
      credentials: { type: "Basic", secretName: basic("old", "rotated") },
    });
    await world.settled();
    const answer = world.call(`/${app}/s/x`, { method: "POST", body: "y" });
    const refuse = await target.next("old");
    basic("new", "rotated");
    await world.settled();
    refuse.writeHead(401).end();
    (await target.next("new")).writeHead(200).end("fine");
    expect((await answer).body.toString()).toBe("fine");
  });

  test("does so while the watch is down, and looks once a second at most", async () => {
    const target = await accepting("old");
    const app = world.api({
      targetUrl: target.url,
      credentials: { type: "Basic", secretName: basic("old", "unseen") },
    });
    await world.settled();
    for (const verb of ["watch", "list"]) {
      onTestFinished(world.cluster.faults.status(503, { resource: "secrets", verb }));
    }
    world.cluster.faults.errorEvent({ resource: "secrets" });
    basic("new", "unseen");
    target.user = "new";
    world.cluster.requests.clear();
    await until(async () => (await world.call(`/${app}/s/x`)).status === 200);
    const reads = () =>
      world.cluster.requests.list().filter(({ verb, resource }) => verb === "get" && resource === "secrets").length;
    const before = reads();
    expect(before).toBeGreaterThan(0);
    const startedAt = performance.now();
    target.user = "another";
    for (let round = 0; round < 20; round++) expect((await world.call(`/${app}/s/x`)).status).toBe(401);
    expect(reads() - before).toBeLessThanOrEqual(Math.ceil((performance.now() - startedAt) / 1000));
  });
});

let clients = 0;

/** An API with a client of its own, so that no test meets another's tokens. */
function oauthApi(): string {
  const clientId = `client-of-second-try-${++clients}`;
  world.idp.register({ id: clientId, secret: "client-secret" });
  const secretName = world.secret({ clientId, clientSecret: "client-secret" });
  return world.api({ credentials: { type: "OAuth", secretName, authenticationUrl: world.idp.tokenUrl } });
}

function basic(username: string, name: string): string {
  return world.secret({ username, password: "" }, name);
}

async function nothingIsKept(): Promise<void> {
  if (!isOurs) return;
  await until(async () => /^agw_replay_buffer_bytes 0$/m.test((await world.callHealth("/metrics")).body.toString()));
}

/** A target that answers when it is told to. */
async function holding() {
  const waiting: { user: string; response: ServerResponse }[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const [, encoded = ""] = /^Basic (.*)$/.exec(request.headers.authorization ?? "") ?? [];
    const [user = ""] = Buffer.from(encoded, "base64").toString().split(":");
    request.resume().once("end", () => waiting.push({ user, response }));
  });
  return {
    url: await listening(server),
    /** The next call of this user. */
    async next(user: string): Promise<ServerResponse> {
      const find = () => waiting.findIndex((call) => call.user === user);
      await until(() => find() >= 0);
      return (waiting.splice(find(), 1)[0] as { response: ServerResponse }).response;
    },
  };
}

/** A target that knows one user. */
async function accepting(user: string) {
  const server = createServer((request, response) => {
    const expected = `Basic ${Buffer.from(`${target.user}:`).toString("base64")}`;
    response.writeHead(request.headers.authorization === expected ? 200 : 401).end();
  });
  const target = { user, url: await listening(server) };
  return target;
}

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
