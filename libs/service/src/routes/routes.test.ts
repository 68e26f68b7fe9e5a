import { describe, expect, onTestFinished, test } from "vitest";
import { createService } from "../service.ts";
import { keepLines } from "../testing/lines.ts";
import { healthRoutes } from "./health.ts";
import { logLevelRoutes } from "./log-level.ts";

describe("health", () => {
  test("a live service says so, ready or not", async () => {
    const { service, call } = await world();
    service.readiness("applications", () => "not listed yet");
    expect(await call("GET", "/healthz")).toMatchObject({ status: 200, text: "ok\n" });
    expect((await call("HEAD", "/healthz")).status).toBe(200);
  });

  test("a service that is not ready says why", async () => {
    const { service, call } = await world();
    service.readiness("applications", () => "not listed yet");
    service.readiness("secrets", () => undefined);
    const answer = await call("GET", "/readyz");
    expect(answer).toMatchObject({ status: 503, text: '{"code":503,"error":"applications: not listed yet"}\n' });
    expect(answer.headers.get("x-error-origin")).toBe("Example Service");
    expect((await call("HEAD", "/readyz")).status).toBe(503);
    expect(await call("GET", "/readyz?verbose")).toMatchObject({
      status: 503,
      text: "[-]applications failed: not listed yet\n[+]secrets ok\nreadyz check failed\n",
    });
  });

  test("a ready service says so, on other paths too where it is asked there", async () => {
    const { service, call } = await world();
    service.readiness("applications", () => undefined);
    expect(await call("GET", "/readyz")).toMatchObject({ status: 200, text: "ok\n" });
    expect(await call("GET", "/v1/ready?verbose=")).toMatchObject({
      status: 200,
      text: "[+]applications ok\nreadyz check passed\n",
    });
  });
});

describe("the log level", () => {
  test("is told", async () => {
    const { call } = await world();
    expect(await call("GET", "/v1/loglevel")).toMatchObject({ status: 200, text: '{"level":"info"}\n' });
  });

  test.each([
    { title: "JSON", body: '{"level":"debug"}', level: "debug" },
    { title: "JSON under any content type", type: "text/plain", body: ' {"level":"error","x":1}', level: "error" },
    { title: "JSON in capitals", body: '{"level":"WARN"}', level: "warn" },
    { title: "one of Go's levels", body: '{"level":"dpanic"}', level: "dpanic" },
    { title: "a form", type: "application/x-www-form-urlencoded", body: "level=debug", level: "debug" },
    {
      title: "a form with a charset",
      type: "application/x-www-form-urlencoded; charset=utf-8",
      body: "a=b&level=panic",
      level: "panic",
    },
  ])("is set by $title", async ({ type = "application/json", body, level }) => {
    const { call, service, log } = await world();
    const answer = { status: 200, text: `{"level":"${level}"}\n` };
    expect(await call("PUT", "/v1/loglevel", body, type)).toMatchObject(answer);
    expect(await call("GET", "/v1/loglevel")).toMatchObject(answer);
    expect(service.logLevel).toBe(level);
    service.log.debug("detail");
    expect(log.records.some(({ msg }) => msg === "detail")).toBe(level === "debug");
  });

  test.each([
    { title: "an unknown level", body: '{"level":"zz"}', error: 'unrecognized level: "zz"' },
    { title: "the level only we know", body: '{"level":"silent"}', error: 'unrecognized level: "silent"' },
    { title: "no level", body: "{}", error: "must specify logging level" },
    { title: "null", body: '{"level":null}', error: "must specify logging level" },
    { title: "a number", body: '{"level":3}', error: "level must be a string" },
    { title: "no object", body: "7", error: "must specify logging level" },
    { title: "no JSON", body: "<level>", error: "invalid JSON" },
    { title: "nothing", body: "", error: "EOF" },
    {
      title: "an empty form",
      type: "application/x-www-form-urlencoded",
      body: "",
      error: "must specify logging level",
    },
    {
      title: "a form with an unknown level",
      type: "application/x-www-form-urlencoded",
      body: "level=%3Cb%3E",
      error: 'unrecognized level: "<b>"',
    },
  ])("stays as it is when a request has $title", async ({ type = "application/json", body, error }) => {
    const { call, service } = await world();
    const answer = await call("PUT", "/v1/loglevel", body, type);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toEqual({ error: `malformed request body: ${error}` });
    expect(answer.text).not.toMatch(/[<>]/);
    expect(service.logLevel).toBe("info");
  });

  test("is not read from a body without end", async () => {
    const { call, service } = await world();
    const body = `{"level":"debug","x":"${"x".repeat(5000)}"}`;
    expect((await call("PUT", "/v1/loglevel", body)).status).toBe(413);
    expect(service.logLevel).toBe("info");
  });

  test.each(["HEAD", "POST", "DELETE", "PATCH", "OPTIONS"])("knows no %s", async (method) => {
    const { call } = await world();
    const answer = await call(method, "/v1/loglevel");
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, PUT"]);
    if (method !== "HEAD") expect(answer.text).toBe('{"code":405,"error":"Method not allowed."}\n');
  });
});

async function world() {
  const log = keepLines();
  const service = createService("example-service", { logDestination: log });
  onTestFinished(() => service.stop());
  const app = service.api();
  healthRoutes(app, service, { ready: ["/readyz", "/v1/ready"] });
  logLevelRoutes(app, service);
  const port = await service.listen(app, 0, "127.0.0.1");
  const call = async (method: string, path: string, body?: string, type = "application/json") => {
    const init = body === undefined ? {} : { body, headers: { "content-type": type } };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, ...init });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  return { service, log, call };
}
