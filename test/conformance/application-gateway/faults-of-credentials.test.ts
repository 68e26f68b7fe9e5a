import { describe, expect, onTestFinished, test } from "vitest";
import { type Attempt, attempt } from "./attempt.ts";
import { scriptedTarget } from "./scripted-target.ts";
import { headersOf, until, useWorld } from "./world.ts";

const world = useWorld({ proxyTimeoutMs: 1_000 });

describe("a token server", () => {
  test.each(["hang", "reset", 503] as const)(
    "that fails keeps nobody else waiting, and is not stormed: %s",
    async (mode) => {
      const oauth = oauthApi();
      const plain = world.api();
      await world.settled();
      world.idp.reset();
      world.idp.fail(mode);
      onTestFinished(() => world.idp.reset());
      const waiting = Promise.all(Array.from({ length: 100 }, () => call(oauth)));
      for (let round = 0; round < 20; round++) expect((await call(plain)).status).toBe(200);
      const told = await waiting;
      expect(new Set(told.map(({ status, reason }) => `${status} ${reason}`))).toEqual(
        new Set(["502 token_request_failed"]),
      );
      expect(world.idp.requests.length).toBeLessThan(10);
      expect(await inFlight(oauth)).toBe(0);
      world.idp.heal();
      await until(async () => (await call(oauth)).status === 200, 5_000);
    },
  );

  test("that is down is not missed while tokens live", async () => {
    const oauth = oauthApi();
    await world.settled();
    expect((await call(oauth)).status).toBe(200);
    world.idp.fail("reset");
    onTestFinished(() => world.idp.reset());
    const answers = await Promise.all(Array.from({ length: 50 }, () => call(oauth)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  test("that gives tokens which the target never takes is asked twice for a call, and no more", async () => {
    const target = await scriptedTarget({
      onData: ({ send }) => send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno"),
    });
    const oauth = oauthApi({ targetUrl: target.url });
    await world.settled();
    world.idp.reset();
    expect(await call(oauth)).toMatchObject({ status: 401, text: "no" });
    expect(world.idp.requests.length).toBe(2);
    expect(target.wires.map(({ heads }) => heads).reduce((sum, heads) => sum + heads)).toBe(2);
  });
});

describe("a CSRF session", () => {
  test("that the target never takes is opened twice for a call, and no more", async () => {
    let opened = 0;
    const target = await scriptedTarget({
      onData: ({ received, send }) => {
        const isFetch = received.lastIndexOf("GET ") > received.lastIndexOf("POST ");
        if (isFetch) opened++;
        send(
          isFetch
            ? `HTTP/1.1 200 OK\r\nX-CSRF-Token: t${opened}\r\nSet-Cookie: s=${opened}\r\nContent-Length: 0\r\n\r\n`
            : "HTTP/1.1 403 Forbidden\r\nX-CSRF-Token: Required\r\nContent-Length: 2\r\n\r\nno",
        );
      },
    });
    const app = csrfApi(target.url, `${target.url}/csrf`);
    await world.settled();
    expect(await call(app, "POST")).toMatchObject({ status: 403, text: "no" });
    expect(opened).toBe(2);
    const all = target.wires.map(({ received }) => received).join("");
    expect(all.match(/POST \/x /g)).toHaveLength(2);
    expect(all.match(/^x-csrf-token: t\d/gim)).toEqual(["X-CSRF-Token: t1", "X-CSRF-Token: t2"]);
  });

  test.each([
    ["to itself", (path: string) => path],
    ["on and on", (path: string) => `${path}x`],
  ])("whose endpoint redirects %s is 502, soon", async (_, next) => {
    const target = await scriptedTarget({
      onData: ({ received, send }) => {
        const path = /GET (\S+) HTTP\/1\.1\r\n(?![\s\S]*GET )/.exec(received)?.[1] ?? "/";
        send(`HTTP/1.1 302 Found\r\nLocation: ${next(path)}\r\nContent-Length: 0\r\n\r\n`);
      },
    });
    const app = csrfApi(target.url, `${target.url}/csrf`);
    await world.settled();
    expect(await call(app, "POST")).toMatchObject({ status: 502, reason: "csrf_request_failed" });
    const requests = target.wires.reduce((sum, { heads }) => sum + heads, 0);
    expect(requests).toBeGreaterThan(0);
    expect(requests).toBeLessThanOrEqual(11);
  });

  test("that ends all the time costs each call one more try at most, and none of them is lost", async () => {
    const app = csrfApi(`${world.target.url}/basic/csrf`, `${world.target.url}/basic/csrf/token`, "demo", "demo");
    await world.settled();
    let running = true;
    const ending = (async () => {
      while (running) {
        world.target.expireCsrfSessions();
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    const answers: Attempt[] = [];
    for (let round = 0; round < 60; round++) answers.push(await call(app, "POST", "/sink"));
    running = false;
    await ending;
    const statuses = answers.map(({ status }) => status);
    // A session may end again between the second try's fetch and its call; then the target's own answer is passed on.
    expect(statuses.filter((status) => status !== 200 && status !== 403)).toEqual([]);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(50);
    expect(world.target.requests.count({ method: "POST" })).toBeLessThanOrEqual(2 * answers.length);
  });
});

describe("a Secret", () => {
  test("that is rotated under load is used whole, old or new, and no call fails for it", async () => {
    const secretName = world.secret({ username: "user-0", password: "password-of-0" }, "rotating");
    const app = world.api({ credentials: { type: "Basic", secretName } });
    await world.settled();
    const rounds = 40;
    let round = 0;
    let running = true;
    const seen = new Set<string>();
    const failed: number[] = [];
    const load = Array.from({ length: 8 }, async () => {
      while (running) {
        const answer = await call(app);
        if (answer.status !== 200) failed.push(answer.status);
        else for (const value of headersOf(JSON.parse(answer.text), "authorization")) seen.add(value);
      }
    });
    while (round < rounds) {
      round++;
      const data = { username: encoded(`user-${round}`), password: encoded(`password-of-${round}`) };
      world.cluster.patchObject(reference("rotating"), { data });
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    const last = `Basic ${encoded(`user-${rounds}:password-of-${rounds}`)}`;
    await until(() => seen.has(last), 2_000);
    running = false;
    await Promise.all(load);
    expect(failed).toEqual([]);
    expect(seen.size).toBeGreaterThan(5);
    const valid = Array.from({ length: rounds + 1 }, (_, nr) => `Basic ${encoded(`user-${nr}:password-of-${nr}`)}`);
    expect([...seen].filter((value) => !valid.includes(value))).toEqual([]);
  });

  test("that goes away and comes back under load is missed only while it is away", async () => {
    const secretName = world.secret({ username: "u", password: "password-of-all" }, "coming-and-going");
    const app = world.api({ credentials: { type: "Basic", secretName } });
    await world.settled();
    for (let round = 0; round < 10; round++) {
      world.cluster.delete(reference("coming-and-going"));
      await until(async () => (await call(app)).status === 500, 2_000);
      world.secret({ username: "u", password: "password-of-all" }, "coming-and-going");
      await until(async () => (await call(app)).status === 200, 2_000);
    }
  });

  test("that is broken for a while breaks its own API and no other", async () => {
    const { certificate: crt, key } = world.authority.issue({ subject: "CN=w", usage: ["client"], keyType: "ec" });
    const secretName = world.secret({ crt, key }, "broken-for-a-while");
    const credentials = { type: "CertificateGen", secretName };
    const app = world.api({ targetUrl: world.target.mtlsUrl ?? "", credentials }, { skipVerify: true });
    const good = world.api();
    await world.settled();
    expect((await call(app)).status).toBe(200);
    for (const broken of [{ crt: "none", key }, { crt, key: "none" }, { crt }, {}]) {
      const data = {
        crt: null,
        key: null,
        ...Object.fromEntries(Object.entries(broken).map(([k, v]) => [k, encoded(v)])),
      };
      world.cluster.patchObject(reference("broken-for-a-while"), { data });
      await until(async () => (await call(app)).status === 500, 2_000);
      expect((await call(good)).status).toBe(200);
    }
    world.cluster.patchObject(reference("broken-for-a-while"), { data: { crt: encoded(crt), key: encoded(key) } });
    await until(async () => (await call(app)).status === 200, 2_000);
  });
});

let clients = 0;

function oauthApi({ targetUrl = world.target.url } = {}): string {
  const clientId = `client-of-faults-${++clients}`;
  world.idp.register({ id: clientId, secret: "client-secret" });
  const secretName = world.secret({ clientId, clientSecret: "client-secret" });
  return world.api({ targetUrl, credentials: { type: "OAuth", secretName, authenticationUrl: world.idp.tokenUrl } });
}

function csrfApi(targetUrl: string, tokenEndpointURL: string, username = "u", password = "p"): string {
  const secretName = world.secret({ username, password });
  return world.api({ targetUrl, credentials: { type: "Basic", secretName, csrfInfo: { tokenEndpointURL } } });
}

function call(app: string, method = "GET", rest = "/x"): Promise<Attempt> {
  const body = method === "POST" ? { body: ["hello"] } : {};
  return attempt(world.gateway.ports.proxy, `/${app}/s${rest}`, { method, ...body });
}

async function inFlight(app: string): Promise<number> {
  const metrics = (await world.callHealth("/metrics")).body.toString();
  return Number(new RegExp(`^agw_inflight_requests\\{application="${app}".*\\} (\\d+)$`, "m").exec(metrics)?.[1]);
}

function reference(name: string) {
  return { apiVersion: "v1", kind: "Secret", name, namespace: "kyma-system" };
}

function encoded(text: string): string {
  return Buffer.from(text).toString("base64");
}
