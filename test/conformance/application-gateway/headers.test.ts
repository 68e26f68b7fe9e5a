import { describe, expect, test } from "vitest";
import { open, raw } from "./http.ts";
import { echoOf, headersOf, until, useWorld } from "./world.ts";

const world = useWorld();

describe("the headers that the target sees", () => {
  test("are the client's, with duplicates, case and order", async () => {
    const app = world.api();
    await world.settled();
    const headers = ["X-B", "1", "x-a", "2", "X-B", "3", "Cookie", "c=d", "Forwarded", "for=1.2.3.4", "Via", "1.1 x"];
    const seen = echoOf(await world.call(`/${app}/s`, { headers })).headers.filter(([name]) => headers.includes(name));
    expect(seen.flat()).toEqual(headers);
  });

  test("AG-25 get from a Secret what the client does not send", async () => {
    const requestParametersSecretName = world.secret({
      headers: '{"X-A":["1","2"],"User-Agent":["agent"],"Host":["evil"]}',
    });
    const app = world.api({ requestParametersSecretName });
    await world.settled();
    const without = echoOf(await world.call(`/${app}/s`));
    expect(headersOf(without, "x-a")).toEqual(["1", "2"]);
    expect(headersOf(without, "user-agent")).toEqual(["agent"]);
    expect(headersOf(without, "host")).toEqual([`127.0.0.1:${world.target.port}`]);
    const own = echoOf(await world.call(`/${app}/s`, { headers: ["x-a", "c", "User-Agent", "mine"] }));
    expect(headersOf(own, "x-a")).toEqual(["c"]);
    expect(headersOf(own, "user-agent")).toEqual(["mine"]);
  });

  test("AG-26 get the credential before what a Secret adds", async () => {
    const requestParametersSecretName = world.secret({ headers: '{"Authorization":["Bearer p"]}' });
    const secretName = world.secret({ username: "u", password: "p" });
    const app = world.application([
      { displayName: "basic", entries: [{ requestParametersSecretName, credentials: { type: "Basic", secretName } }] },
      { displayName: "none", entries: [{ requestParametersSecretName }] },
    ]);
    await world.settled();
    expect(headersOf(echoOf(await world.call(`/${app}/basic`)), "authorization")).toEqual(["Basic dTpw"]);
    expect(headersOf(echoOf(await world.call(`/${app}/none`)), "authorization")).toEqual(["Bearer p"]);
    const mine = await world.call(`/${app}/none`, { headers: ["Authorization", "Bearer mine"] });
    expect(headersOf(echoOf(mine), "authorization")).toEqual(["Bearer mine"]);
  });

  test("AG-61 lose hop-by-hop ones before the credential comes", async () => {
    const secretName = world.secret({ username: "u", password: "p" });
    const app = world.api({ credentials: { type: "Basic", secretName } });
    await world.settled();
    const answer = await raw(
      world.gateway.ports.proxy,
      `GET /${app}/s HTTP/1.1\r\nHost: x\r\nConnection: close, Authorization, X-Mine, Host, X-Forwarded-For\r\nX-Mine: 1\r\n` +
        "Authorization: Bearer mine\r\nKeep-Alive: 1\r\nProxy-Connection: x\r\nProxy-Authorization: Basic x\r\nTE: trailers, gzip\r\n\r\n",
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    const [seen] = world.target.requests.list();
    if (seen === undefined) throw new Error("the target was not called");
    expect(headersOf(seen, "authorization")).toEqual(["Basic dTpw"]);
    expect(headersOf(seen, "x-forwarded-for")).toEqual(["127.0.0.1"]);
    expect(headersOf(seen, "host")).toEqual([`127.0.0.1:${world.target.port}`]);
    expect(headersOf(seen, "te")).toEqual(["trailers"]);
    for (const name of ["x-mine", "keep-alive", "proxy-connection", "proxy-authorization"])
      expect(headersOf(seen, name)).toEqual([]);
  });

  test("AG-62 name the client in X-Forwarded-For and invent nothing", async () => {
    const app = world.api();
    await world.settled();
    const headers = [
      "X-Forwarded-For",
      "1.2.3.4",
      "X-Forwarded-Proto",
      "https",
      "X-Forwarded-Host",
      "h",
      "X-Forwarded-Client-Cert",
      "c",
    ];
    const seen = echoOf(await world.call(`/${app}/s`, { headers }));
    expect(headersOf(seen, "x-forwarded-for")).toEqual(["1.2.3.4, 127.0.0.1"]);
    expect(headersOf(seen, "x-forwarded-proto")).toEqual(["https"]);
    expect(headersOf(seen, "x-forwarded-host")).toEqual(["h"]);
    expect(headersOf(seen, "x-forwarded-client-cert")).toEqual(["c"]);
    for (const name of ["user-agent", "accept-encoding", "accept", "x-real-ip"])
      expect(headersOf(seen, name)).toEqual([]);
  });

  test("may be 200 KB, and not a megabyte", async () => {
    const app = world.api();
    await world.settled();
    const long = "x".repeat(200 * 1024);
    expect(headersOf(echoOf(await world.call(`/${app}/s`, { headers: ["X-Long", long] })), "x-long")).toEqual([long]);
    const answer = await raw(
      world.gateway.ports.proxy,
      `GET /${app}/s HTTP/1.1\r\nHost: x\r\nX-Long: ${"x".repeat(1024 * 1024)}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe("the body that the target sees", () => {
  test.each(["POST", "PUT", "PATCH", "DELETE", "PROPFIND", "GET", "REPORT"])(
    "AG-63 is that of a %s, of known length",
    async (method) => {
      const app = world.api();
      await world.settled();
      const seen = echoOf(await world.call(`/${app}/s`, { method, body: "héllo" }));
      expect(seen).toMatchObject({ method, body: { utf8: "héllo" } });
      expect(headersOf(seen, "content-length")).toEqual(["6"]);
      expect(headersOf(seen, "transfer-encoding")).toEqual([]);
    },
  );

  test("AG-63 has its known length also where it is too long to be waited for", async () => {
    const app = world.api();
    await world.settled();
    const body = "x".repeat(300_000);
    expect((await world.call(`/${app}/s/sink`, { method: "POST", body })).status).toBe(200);
    const [seen] = world.target.requests.list();
    if (seen === undefined) throw new Error("the target was not called");
    expect(seen.bodyBytes).toBe(300_000);
    expect(headersOf(seen, "content-length")).toEqual(["300000"]);
    expect(headersOf(seen, "transfer-encoding")).toEqual([]);
  });

  test("AG-63 is chunked when it was", async () => {
    const app = world.api();
    await world.settled();
    await raw(
      world.gateway.ports.proxy,
      `POST /${app}/s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`,
    );
    const [seen] = world.target.requests.list();
    if (seen === undefined) throw new Error("the target was not called");
    expect(seen.body?.toString()).toBe("abcde");
    expect(headersOf(seen, "transfer-encoding")).toEqual(["chunked"]);
    expect(headersOf(seen, "content-length")).toEqual([]);
  });

  test("AG-63 is empty where the client says so", async () => {
    const app = world.api();
    await world.settled();
    const seen = echoOf(await world.call(`/${app}/s`, { method: "POST", headers: ["Content-Length", "0"] }));
    expect(headersOf(seen, "content-length")).toEqual(["0"]);
  });

  test("arrives while it is sent", async () => {
    const app = world.api();
    await world.settled();
    const socket = await open(world.gateway.ports.proxy);
    socket.write(`POST /${app}/s/sink HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n`);
    await until(() => world.target.requests.last()?.bodyBytes === 5);
    socket.write("6\r\nsecond\r\n0\r\n\r\n");
    await until(() => world.target.requests.last()?.complete === true);
    expect(world.target.requests.last()?.bodyBytes).toBe(11);
  });
});
