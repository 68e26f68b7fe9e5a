import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { open, valuesOf } from "./http.ts";
import { echoOf, headersOf, until, useWorld } from "./world.ts";

const world = useWorld({ proxyTimeoutMs: 2_000 });

describe("what belongs to one caller", () => {
  test("DV-2 opens no CSRF session that the next caller would get", async () => {
    const { certificate, key } = world.authority.issue({ subject: "CN=csrf", usage: ["client"], keyType: "ec" });
    const secretName = world.secret({ crt: certificate, key });
    const csrfInfo = { tokenEndpointURL: `${world.target.url}/csrf/token` };
    const credentials = { type: "CertificateGen", secretName, csrfInfo };
    const app = world.api({ credentials });
    await world.settled();
    for (const caller of ["Bearer alice", "Bearer bob"]) {
      const headers = ["Authorization", caller];
      const seen = echoOf(await world.call(`/${app}/s/echo`, { method: "POST", body: "x", headers }));
      expect(headersOf(seen, "authorization")).toEqual([caller]);
    }
    const fetches = world.target.requests.list({ method: "GET" });
    expect(fetches.map(({ url }) => url)).toEqual(["/csrf/token"]);
    expect(fetches.flatMap((request) => headersOf(request, "authorization"))).toEqual([]);
  });

  test("is not shown in a Location: the query that a Secret or the target URL adds", async () => {
    const requestParametersSecretName = world.secret({ queryParameters: '{"api-key":["very-secret"]}' });
    const targetUrl = `${world.target.url}?fixed=hidden`;
    const app = world.api({ targetUrl, requestParametersSecretName });
    await world.settled();
    const answer = await world.call(`/${app}/s/redirect?location=%23f&mine=1`);
    expect(valuesOf(answer, "location")).toEqual([`/${app}/s/redirect?location=%23f&mine=1#f`]);
  });
});

describe("a change of the configuration", () => {
  test("breaks no call whose body is still on its way", async () => {
    // An origin of its own: nobody else keeps its connections open.
    const targetUrl = world.target.url.replace("127.0.0.1", "localhost");
    const app = world.api({ targetUrl });
    await world.settled();
    const socket = await open(world.gateway.ports.proxy);
    socket.write(`POST /${app}/s/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\na`);
    const inFlight = `agw_inflight_requests{application="${app}",service="s",entry=""} 1`;
    await until(async () => (await world.callHealth("/metrics")).body.toString().includes(inFlight));
    world.application([{ displayName: "s", entries: [{}] }], {}, app);
    await world.settled();
    const [host] = headersOf(echoOf(await world.call(`/${app}/s/x`)), "host");
    expect(host).not.toContain("localhost");
    socket.write("b");
    const [head] = (await once(socket, "data")) as [Buffer];
    expect(head.toString()).toMatch(/^HTTP\/1\.1 200 /);
  });

  test("that makes two APIs clash leaves every metric with one value", async () => {
    const { certificate, key } = world.authority.issue({ subject: "CN=clash", usage: ["client"], keyType: "ec" });
    const credentials = { type: "CertificateGen", secretName: world.secret({ crt: certificate, key }) };
    const service = { displayName: "twin", entries: [{ name: "e", credentials }] };
    const app = world.application([service]);
    await world.settled();
    expect((await world.call(`/${app}/twin/x`)).status).toBe(200);
    world.application([service, service], {}, app);
    await until(async () => (await world.call(`/${app}/twin/x`)).status === 400);
    const lines = (await world.callHealth("/metrics")).body.toString().split("\n");
    const series = lines.filter((line) => line.includes(`application="${app}"`)).map((line) => line.split(" ")[0]);
    expect(series.length).toBeGreaterThan(1);
    expect(series.filter((name, index) => series.indexOf(name) !== index)).toEqual([]);
  });
});

describe("names that every JavaScript object has", () => {
  test.each(["constructor", "toString", "valueOf"])("address nothing: %s", async (name) => {
    const app = world.api();
    await world.settled();
    for (const path of [`/${name}/s`, `/${app}/${name}`, `/__proto__/${name}`]) {
      expect((await world.call(path)).status).toBe(404);
      expect((await world.callBundle(`${path}/${name}`)).status).toBe(404);
    }
  });

  test("are names like others in an Application and its Secrets", async () => {
    const secretName = world.secret({ username: "u", password: "p" }, "constructor");
    const requestParametersSecretName = world.secret({
      headers: '{"__proto__":["h"]}',
      queryParameters: '{"__proto__":["q"]}',
    });
    const credentials = { type: "Basic", secretName };
    const entries = [{ name: "toString", credentials, requestParametersSecretName }];
    const app = world.application([{ displayName: "constructor", entries }], {}, "constructor");
    await world.settled();
    const seen = echoOf(await world.call(`/${app}/constructor/x`));
    expect(seen.url).toBe("/x?__proto__=q");
    expect(headersOf(seen, "__proto__")).toEqual(["h"]);
  });
});
