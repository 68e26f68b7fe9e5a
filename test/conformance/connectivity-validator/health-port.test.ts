import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { X } from "./certificates.ts";
import { anyBody } from "./events.ts";
import { sendRaw } from "./raw-client.ts";
import { startWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

test.each(["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "PURGE"])(
  "/v1/health says yes to %s",
  async (method) => {
    const response = await world.health("/v1/health?x=1", method);
    expect([response.status, response.body.length]).toEqual([200, 0]);
  },
);

test("/v1/health does not look at a body", async () => {
  const body = "<xml/>";
  const head = "POST /v1/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: text/xml";
  const bytes = `${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  expect((await sendRaw(world.validator.ports.externalApi, bytes)).status).toBe(200);
});

test.each(["/", "/v1", "/v1/health/", "/std/events", "/v1/healthz"])("%s is a page that is not there", async (path) => {
  const response = await world.health(path);
  expect(response).toMatchObject({ status: 404, text: "404 page not found\n" });
  expect(response.header("content-type")).toBe("text/plain; charset=utf-8");
});

test("/healthz and /readyz say that all is well", async () => {
  expect((await world.health("/healthz")).status).toBe(200);
  expect((await world.health("/readyz")).status).toBe(200);
});

test("/metrics tells what happened, and names Applications that exist only", async () => {
  const xfcc = X("compat", "CN=std");
  const body = anyBody;
  await world.call("/std/v1/events", { xfcc, body });
  await world.call("/std/events?status=503", { xfcc, body });
  await world.call("/std/events", { xfcc: X("compat", "CN=other"), body });
  await world.call("/invented/events", { xfcc, body });
  await world.call("/std/events", { body });
  const lines = (await world.health("/metrics")).text
    .split("\n")
    .filter((line) => line.includes("connectivity_validator"));
  const requests = (application: string, route: string, code: number, reason: string) =>
    `connectivity_validator_requests_total{application="${application}",route="${route}",code="${code}",reason="${reason}"} 1`;
  for (const line of [
    requests("std", "v1", 200, ""),
    requests("std", "events", 502, "eventing_error"),
    requests("std", "", 403, "subject_mismatch"),
    requests("", "", 404, "application_unknown"),
    requests("", "", 500, "cert_header_missing"),
    'connectivity_validator_auth_failures_total{reason="not_accepted"} 1',
    'connectivity_validator_upstream_duration_seconds_count{code="503"} 1',
    'connectivity_validator_request_duration_seconds_count{route="v1"} 1',
    "connectivity_validator_inflight 0",
    "connectivity_validator_cache_synced 1",
    "connectivity_validator_cache_applications 4",
    "connectivity_validator_request_bytes_count 2",
  ])
    expect(lines).toContain(line);
  expect(lines.some((line) => line.startsWith("connectivity_validator_cache_staleness_seconds "))).toBe(true);
  expect(lines.join()).not.toContain("invented");
});

test("a validator that is told to stop says so before it stops to serve, then ends in order", async () => {
  const leaving = await startWorld({ flags: ["--drainDelay=1s"] });
  onTestFinished(() => leaving.stop());
  const stopped = leaving.validator.stop();
  const unready = await leaving.health("/readyz");
  expect(unready.status).toBe(503);
  expect(JSON.parse(unready.text)).toMatchObject({ code: 503, error: expect.stringContaining("stopping") });
  expect((await leaving.health("/v1/health")).status).toBe(200);
  expect((await leaving.call("/std/events", { xfcc: X("compat", "CN=std"), body: anyBody })).status).toBe(200);
  await stopped;
  await expect(leaving.call("/std/events")).rejects.toThrow("ECONNREFUSED");
  await expect(leaving.health("/v1/health")).rejects.toThrow("ECONNREFUSED");
});
