import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { profiles, X as xOf } from "./certificates.ts";
import { anyBody, binaryEvent } from "./events.ts";
import { chunked, readResponse, sendRaw } from "./raw-client.ts";
import { request, startWorld, type World } from "./world.ts";

describe.each(profiles)("%s", (profile) => {
  const xfcc = xOf(profile, "CN=std");
  const event = binaryEvent("std");
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ profile, flags: ["--headersTimeout=1s", "--idleTimeout=1s"] });
  });
  afterAll(() => world.stop());

  const raw = (...lines: string[]) => sendRaw(world.validator.ports.proxy, `${lines.join("\r\n")}\r\n\r\n`);
  const head = (target: string) => [
    `POST ${target} HTTP/1.1`,
    "Host: x",
    `X-Forwarded-Client-Cert: ${xfcc}`,
    ...event,
    "Content-Length: 0",
  ];

  describe("no valid HTTP", () => {
    test.each([
      ["a raw number sign", head("/std/events#x")],
      ["a number sign in the query", head("/std/events?a#x")],
      ["a backslash", head("/std\\events")],
      ["a backslash in the query", head("/std/events?a\\b")],
      ["a broken escape", head("/std/%zz/events")],
      ["a half escape at the end", head("/std/events/%4")],
      ["a control character", head("/std/\x01/events")],
      ["a tab", head("/std/\t/events")],
      ["no Host", head("/std/events").filter((line) => !line.startsWith("Host"))],
      ["two Hosts", [...head("/std/events"), "Host: y"]],
      ["D-11 both framings", [...head("/std/events"), "Transfer-Encoding: chunked"]],
      ["two lengths", [...head("/std/events"), "Content-Length: 5"]],
      ["a length that is no number", head("/std/events").map((line) => line.replace(/^(Content-Length:).*/, "$1 +5"))],
      ["a header name with a space", [...head("/std/events"), "X-Forwarded-Client-Cert : x"]],
      ["a folded header", [...head("/std/events"), "X-Forwarded-Client-Cert: a", " b"]],
      ["a byte above ASCII that is not escaped", head("/std/v1/events/m\xfc")],
      ["no version", ["POST /std/events"]],
    ])("%s is a 400", async (_title, lines) => {
      const before = world.echo.seen.length;
      const response = await raw(...lines);
      expect(response.status).toBe(400);
      expect(response.header("content-type")).toBe("text/plain; charset=utf-8");
      expect(world.echo.seen).toHaveLength(before);
    });
  });

  test("an absolute target counts by its path only", async () => {
    const response = await raw(...head("http://other.example.com/std/events?q=1"), "Connection: close");
    expect(response.status).toBe(200);
    expect(JSON.parse(response.text)).toMatchObject({ path: "/publish?q=1" });
  });

  test("an escaped name is the Application, and a legacy path keeps its escapes", async () => {
    const echo = await world.echoOf("/s%74d/v1/%65vents/%C3%BC?a=%zz", { xfcc, headers: event, body: anyBody });
    expect(echo.path).toBe("/s%74d/v1/%65vents/%C3%BC?a=%zz");
  });

  test.each([
    "/std%2fv1/events",
    "/std/v1/events%5c",
    "/std/v1/events/%00",
    "/std/v1/events/%2e%2e/x",
    "/std/v1/events/..",
    "/std/./v1/events",
  ])("D-07 %s is not canonical", async (path) => {
    const response = await world.call(path, { xfcc, headers: event });
    expect(response).toMatchObject({ status: 400, text: '{"code":400,"error":"path is not canonical"}\n' });
    expect(response.header("error-reason")).toBe("path_not_canonical");
  });

  test("the query never decides", async () => {
    expect((await world.call("/std/?/std/events", { xfcc, headers: event })).header("error-reason")).toBe("no_route");
    expect((await world.call("/std?/std/events", { xfcc, headers: event })).text).toBe("404 page not found\n");
  });

  test("headers above the limit are a 431, those below are not", async () => {
    const large = await world.call("/std/events", { xfcc, headers: [`X-Large: ${"a".repeat(98 * 1024)}`] });
    expect(large.status).toBe(431);
    expect(JSON.parse(large.text)).toMatchObject({ code: 431 });
    const fits = await world.call("/std/events", { xfcc, headers: [...event, `X-Large: ${"a".repeat(60 * 1024)}`] });
    expect(fits.status).toBe(200);
  });

  test("headers that never end are a 408, and the connection ends", async () => {
    const socket = connect(world.validator.ports.proxy, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    const ended = new Promise((resolve) => socket.on("close", resolve));
    socket.write("POST /std/events HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    expect((await readResponse(socket)).status).toBe(408);
    socket.end();
    await ended;
  });

  test("requests on one connection are judged one by one", async () => {
    const socket = connect(world.validator.ports.proxy, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    const statuses: number[] = [];
    for (const subject of ["CN=std", "CN=other", "CN=std"]) {
      const bytes = request("/std/events", { xfcc: xOf(profile, subject), headers: event, body: anyBody });
      socket.write(bytes.toString("latin1").replace("Connection: close\r\n", ""), "latin1");
      statuses.push((await readResponse(socket)).status);
    }
    expect(statuses).toEqual([200, 403, 200]);
  });

  test("a request hidden in the body of another is a body", async () => {
    const hidden = request("/std/events", { xfcc, body: "hidden" });
    const before = world.echo.seen.length;
    const echo = await world.echoOf("/std/events", { xfcc, headers: event, body: hidden });
    expect(echo.body).toBe(hidden.toString("latin1"));
    expect(world.echo.seen).toHaveLength(before + 1);
  });

  test("chunks that break off reach nobody as a whole", async () => {
    const socket = connect(world.validator.ports.proxy, "127.0.0.1");
    const before = world.echo.seen.length;
    const bytes = request("/std/events", { xfcc, headers: [...event, "Transfer-Encoding: chunked"] });
    socket.write(Buffer.concat([bytes, chunked("first").subarray(0, 10)]));
    await expect.poll(() => world.echo.seen.length).toBe(before + 1);
    socket.destroy();
    await expect.poll(() => world.validator.readinessReport().ready).toBe(true);
    expect(world.echo.seen.at(-1)?.complete).toBe(false);
  });
});
