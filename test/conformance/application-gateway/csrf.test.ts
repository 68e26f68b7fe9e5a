import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { expectReason, headersOf, until, useWorld } from "./world.ts";

const world = useWorld({ proxyTimeoutMs: 1_000 });

describe("a CSRF token", () => {
  test("AG-46 is fetched with the credential, and sent with its cookies before the client's", async () => {
    const app = csrfApi();
    await world.settled();
    const headers = ["Cookie", "mine=1; SESSION=theirs", "X-CSRF-Token", "mine"];
    expect((await post(app, headers)).status).toBe(200);
    const [fetched, called] = world.target.requests.list();
    if (fetched === undefined || called === undefined) throw new Error("two requests were expected");
    expect(fetched).toMatchObject({ method: "GET", url: "/basic/csrf/token" });
    expect(headersOf(fetched, "x-csrf-token")).toEqual(["fetch"]);
    expect(headersOf(fetched, "accept")).toEqual(["*/*"]);
    expect(headersOf(fetched, "cache-control")).toEqual(["no-cache"]);
    expect(headersOf(fetched, "authorization")).toEqual(headersOf(called, "authorization"));
    expect(headersOf(called, "x-csrf-token")).toEqual([expect.not.stringMatching(/^(mine|fetch)$/)]);
    expect(headersOf(called, "cookie")).toEqual([
      expect.stringMatching(/^SESSION=[0-9a-f]+; sap-usercontext=sap-client=100; mine=1$/),
    ]);
  });

  test("is fetched once for many calls", async () => {
    const app = csrfApi();
    await world.settled();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(app)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect((await post(app)).status).toBe(200);
    expect(world.target.requests.count({ method: "GET" })).toBe(1);
  });

  test.each(["/status/404", "/status/201", "/echo", "/broken/no-response"])(
    "AG-47 that can't be had is 502: %s",
    async (path) => {
      const app = csrfApi({ tokenPath: path });
      await world.settled();
      const answer = await post(app);
      expect(answer.status).toBe(502);
      expectReason(answer, "csrf_request_failed");
      expect(world.target.requests.count({ method: "POST" })).toBe(0);
    },
  );

  test.each([201, 404, 500])("AG-47 in an answer with status %d is none", async (status) => {
    const endpoint = createServer((_, response) => void response.writeHead(status, { "x-csrf-token": "t" }).end());
    onTestFinished(() => void endpoint.close());
    await once(endpoint.listen(0, "127.0.0.1"), "listening");
    const { port } = endpoint.address() as AddressInfo;
    const secretName = world.secret({ username: "demo", password: "demo" });
    const csrfInfo = { tokenEndpointURL: `http://127.0.0.1:${port}/` };
    const app = world.api({ credentials: { type: "Basic", secretName, csrfInfo } });
    await world.settled();
    const answer = await post(app);
    expect(answer.status).toBe(502);
    expectReason(answer, "csrf_request_failed");
    expect(world.target.requests.total).toBe(0);
  });

  test("AG-48 is never shared between APIs", async () => {
    const one = csrfApi();
    const two = csrfApi();
    await world.settled();
    await post(one);
    await post(two);
    const cookies = world.target.requests.list({ method: "POST" }).map((request) => headersOf(request, "cookie")[0]);
    expect(world.target.requests.count({ method: "GET" })).toBe(2);
    expect(new Set(cookies).size).toBe(2);
  });

  test("is another for a caller with a token of its own, and fetched with that", async () => {
    const app = csrfApi({ basePath: "/csrf", tokenPath: "/csrf/token" });
    await world.settled();
    await post(app);
    await post(app, ["Access-Token", "Bearer ext"]);
    const fetches = world.target.requests.list({ method: "GET" });
    expect(fetches.map((request) => headersOf(request, "authorization")[0])).toEqual([
      `Basic ${Buffer.from("demo:demo").toString("base64")}`,
      "Bearer ext",
    ]);
  });

  test("AG-52 that is refused with a caller's own token is not fetched again for the same call", async () => {
    const app = csrfApi({ basePath: "/csrf", tokenPath: "/csrf/token" });
    await world.settled();
    const own = ["Access-Token", "Bearer ext"];
    expect((await post(app, own)).status).toBe(200);
    world.target.expireCsrfSessions();
    expect((await post(app, own)).status).toBe(403);
    expect(world.target.requests.count({ method: "POST" })).toBe(2);
    expect(world.target.requests.count({ method: "GET" })).toBe(1);
    expect((await post(app, own)).status).toBe(200);
    expect(world.target.requests.count({ method: "GET" })).toBe(2);
  });

  test("that the target refuses is not used again", async () => {
    const app = csrfApi();
    await world.settled();
    expect((await post(app)).status).toBe(200);
    world.target.expireCsrfSessions();
    await until(async () => (await post(app)).status === 200);
    expect(world.target.requests.count({ method: "GET" })).toBe(2);
  });
});

function csrfApi({ basePath = "/basic/csrf", tokenPath = "/basic/csrf/token" } = {}): string {
  const secretName = world.secret({ username: "demo", password: "demo" });
  const csrfInfo = { tokenEndpointURL: world.target.url + tokenPath };
  return world.api({ targetUrl: world.target.url + basePath, credentials: { type: "Basic", secretName, csrfInfo } });
}

function post(app: string, headers: string[] = []) {
  return world.call(`/${app}/s/echo`, { method: "POST", body: "x", headers });
}
