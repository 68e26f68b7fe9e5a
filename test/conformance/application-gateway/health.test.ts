import { metrics as families } from "@application-connector/application-gateway";
import { describe, expect, test } from "vitest";
import { call, raw, valuesOf } from "./http.ts";
import { errorOf, useWorld } from "./world.ts";

const world = useWorld();

describe("the port for health and log level", () => {
  test("AG-1 says with an empty 200 that the process lives", async () => {
    const answer = await world.callHealth("/v1/health");
    expect(answer.status).toBe(200);
    expect(answer.body.length).toBe(0);
  });

  test.each([
    ["POST", "/v1/health"],
    ["HEAD", "/v1/health"],
    ["DELETE", "/v1/loglevel"],
  ])("AG-2 answers %s %s with 405", async (method, path) => {
    const answer = await world.callHealth(path, { method });
    expect(answer.status).toBe(405);
    if (method !== "HEAD") expect(errorOf(answer)).toEqual({ code: 405, error: "Method not allowed." });
  });

  test.each(["/nope", "/v1/health/", "/"])("AG-2 answers %s with 404", async (path) => {
    const answer = await world.callHealth(path);
    expect(answer.status).toBe(404);
    expect(errorOf(answer)).toEqual({ code: 404, error: "Requested resource could not be found." });
  });

  test("AG-3 shows and sets the log level", async () => {
    const body = '{"level":"fatal"}';
    const set = await world.callHealth("/v1/loglevel", {
      method: "PUT",
      body,
      headers: ["Content-Type", "application/json"],
    });
    const form = await world.callHealth("/v1/loglevel", {
      method: "PUT",
      body: "level=fatal",
      headers: ["Content-Type", "application/x-www-form-urlencoded"],
    });
    const shown = await world.callHealth("/v1/loglevel");
    for (const { status, body: text } of [set, form, shown]) {
      expect(status).toBe(200);
      expect(text.toString()).toBe('{"level":"fatal"}\n');
    }
  });

  test.each(['{"level":"zz"}', "{}", "", "level=debug", "["])("AG-4 refuses the log level %j", async (body) => {
    const answer = await world.callHealth("/v1/loglevel", {
      method: "PUT",
      body,
      headers: ["Content-Type", "application/json"],
    });
    expect(answer.status).toBe(400);
    expect(errorOf(answer).error).toMatch(/^malformed request body: /);
    expect((await world.callHealth("/v1/loglevel")).body.toString()).toBe('{"level":"fatal"}\n');
  });

  test("says when the gateway can serve", async () => {
    expect((await world.callHealth("/v1/ready")).status).toBe(200);
    expect((await world.callHealth("/readyz?verbose")).body.toString()).toContain("[+]cluster objects ok");
  });

  test("AG-66 counts requests by API, status and who answered, and shows nothing secret", async () => {
    const secretName = world.secret({ username: "u", password: "very-secret" });
    const app = world.api({ credentials: { type: "Basic", secretName } });
    await world.settled();
    await world.call(`/${app}/s/x`);
    await world.call(`/${app}/s/x`);
    await world.call(`/${app}/s/status/503`);
    await world.call(`/${app}/missing`);
    await world.call(`/${app}/s/broken/reset-before-head`);
    const metrics = await scrape();
    const labels = `application="${app}",service="s",entry=""`;
    expect(metrics).toContain(`agw_requests_total{${labels},code="200",origin="target"} 2`);
    expect(metrics).toContain(`agw_requests_total{${labels},code="502",origin="target"} 1`);
    expect(metrics).toContain(`agw_requests_total{${labels},code="502",origin="gateway"} 1`);
    expect(metrics).toContain(`agw_requests_total{application="",service="",entry="",code="404",origin="gateway"} `);
    expect(metrics).toContain(`agw_request_duration_seconds_bucket{${labels},le="+Inf"} 4`);
    expect(metrics).toContain(`agw_target_duration_seconds_count{${labels}} 3`);
    expect(metrics).toContain(`agw_inflight_requests{${labels}} 0`);
    expect(metrics).toMatch(/agw_config_objects\{kind="Application"\} [1-9]/);
    expect(metrics).not.toContain("very-secret");
  });

  test("AG-66 counts requests for tokens and CSRF sessions under the API that caused them", async () => {
    const client = { clientId: "client", clientSecret: "client-secret" };
    const oauth = (secretName: string, authenticationUrl: string) =>
      world.api({ credentials: { type: "OAuth", secretName, authenticationUrl } });
    const good = oauth(world.secret({ ...client, queryParameters: '{"a":["1"]}' }), world.idp.tokenUrl);
    const bad = oauth(world.secret({ ...client, clientSecret: "wrong-secret" }), world.idp.tokenUrl);
    const csrfInfo = { tokenEndpointURL: `${world.target.url}/csrf/token` };
    const basic = { type: "Basic", secretName: world.secret({ username: "u", password: "p" }), csrfInfo };
    const guarded = world.api({ credentials: basic });
    await world.settled();
    for (const app of [good, good, bad, guarded]) await world.call(`/${app}/s/x`);
    const metrics = await scrape();
    const labels = (app: string): string => `application="${app}",service="s",entry=""`;
    expect(metrics).toContain(`agw_token_fetch_total{${labels(good)},result="success"} 1`);
    expect(metrics).toContain(`agw_token_fetch_total{${labels(good)},result="failure"} 0`);
    expect(metrics).toContain(`agw_token_fetch_duration_seconds_count{${labels(good)}} 1`);
    expect(metrics).toContain(`agw_token_fetch_total{${labels(bad)},result="failure"} 1`);
    expect(metrics).toContain(`agw_csrf_fetch_total{${labels(guarded)},result="success"} 1`);
    expect(metrics).not.toContain(`agw_csrf_fetch_total{${labels(good)}`);
    const [, expiry] = new RegExp(`agw_token_expiry_timestamp_seconds\\{${labels(good)}\\} (\\S+)`).exec(metrics) ?? [];
    expect(Number(expiry)).toBeGreaterThan(Date.now() / 1000);
    expect(metrics).not.toContain(`agw_token_expiry_timestamp_seconds{${labels(bad)}`);
  });

  test("AG-66 counts calls that were sent once more, by why", async () => {
    const secretName = world.secret({ clientId: "client", clientSecret: "client-secret" });
    const app = world.api({ credentials: { type: "OAuth", secretName, authenticationUrl: world.idp.tokenUrl } });
    await world.settled();
    expect((await world.call(`/${app}/s/once/401/echo`)).status).toBe(200);
    expect(await scrape()).toContain(`agw_retries_total{application="${app}",service="s",entry="",reason="401"} 1`);
  });

  test("AG-66 shows every family of the reference", async () => {
    const metrics = await scrape();
    for (const { name, type } of Object.values(families)) expect(metrics).toContain(`# TYPE ${name} ${type}\n`);
  });
});

async function scrape(): Promise<string> {
  return (await world.callHealth("/metrics")).body.toString();
}

describe("a proxy port", () => {
  test("answers OPTIONS * with an empty 200", async () => {
    const answer = await raw(world.gateway.ports.proxy, "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toMatch(/\r\n\r\n$/);
  });

  test("answers CONNECT with 400", async () => {
    const answer = await raw(
      world.gateway.ports.proxy,
      "CONNECT t:1 HTTP/1.1\r\nHost: t:1\r\nConnection: close\r\n\r\n",
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("says whose an error is, and under which id it is known", async () => {
    const answer = await call(world.gateway.ports.proxy, "/missing/x", { headers: ["X-Request-Id", "abc"] });
    expect(valuesOf(answer, "x-request-id")).toEqual(["abc"]);
    expect(valuesOf(answer, "x-error-message")).toEqual(["service with name x not found"]);
    expect(valuesOf(await world.call("/missing/x"), "x-request-id")[0]).toMatch(/^[0-9a-f-]{36}$/);
  });
});
