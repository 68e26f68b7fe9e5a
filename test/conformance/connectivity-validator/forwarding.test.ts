import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { profiles, X as xOf } from "./certificates.ts";
import { anyBody, binaryEvent } from "./events.ts";
import { otherValidator } from "./other/other-validator.ts";
import { chunked, readResponse } from "./raw-client.ts";
import { request, startWorld, valuesOf, type World } from "./world.ts";

describe.each(profiles)("%s", (profile) => {
  const xfcc = xOf(profile, "CN=std");
  const event = binaryEvent("std");
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ profile, flags: ["--maxBodyBytes=300000"] });
  });
  afterAll(() => world.stop());

  describe("request headers", () => {
    const echoOf = (...headers: string[]) =>
      world.echoOf("/std/events", { xfcc, headers: [...event, ...headers], body: anyBody });

    test("CV-18 Eventing does not see the client certificate header, and sees its own name and the peer", async () => {
      const echo = await echoOf();
      expect(valuesOf(echo, "x-forwarded-client-cert")).toEqual([]);
      expect(valuesOf(echo, "host")).toEqual([`127.0.0.1:${world.echo.port}`]);
      expect(valuesOf(echo, "x-forwarded-for")).toEqual(["127.0.0.1"]);
    });
    test("CV-19 the peer is appended to the addresses before it", async () => {
      expect(valuesOf(await echoOf("X-Forwarded-For: 1.2.3.4"), "x-forwarded-for")).toEqual(["1.2.3.4, 127.0.0.1"]);
    });
    test("CV-20 what belongs to the connection stays behind", async () => {
      const echo = await echoOf(
        "Proxy-Authorization: secret",
        "Keep-Alive: timeout=5",
        "TE: trailers",
        "Connection: X-Foo",
        "X-Foo: 1",
      );
      for (const name of ["proxy-authorization", "keep-alive", "x-foo"]) expect(valuesOf(echo, name)).toEqual([]);
      expect(valuesOf(echo, "te")).toEqual(["trailers"]);
    });
    test("CV-21 what belongs to the event passes unchanged", async () => {
      const given = [
        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "X-B3-Traceid: 1",
        "Ce-Own: a%20b",
        "X-Two: 1",
        "X-Two: 2",
      ];
      const echo = await echoOf(...given);
      const lines = echo.headers.map(([name, value]) => `${name}: ${value}`);
      for (const line of [...given, ...event]) expect(lines).toContain(line);
    });
    test("bytes above ASCII arrive as they were sent", async () => {
      expect(valuesOf(await echoOf("X-Name: m\xfcller \xc3\xbc"), "x-name")).toEqual(["m\xfcller \xc3\xbc"]);
    });
    test("D-10 Connection cannot strip an event of its headers", async () => {
      const echo = await echoOf("Connection: Ce-Id, Content-Type, traceparent", "traceparent: x");
      expect([valuesOf(echo, "ce-id"), valuesOf(echo, "content-type"), valuesOf(echo, "traceparent")]).toEqual([
        ["1"],
        ["application/json"],
        ["x"],
      ]);
    });
    test("D-17 no Accept-Encoding or User-Agent is made up", async () => {
      const echo = await echoOf();
      expect([...valuesOf(echo, "accept-encoding"), ...valuesOf(echo, "user-agent")]).toEqual([]);
      expect(valuesOf(await echoOf("Accept-Encoding: br"), "accept-encoding")).toEqual(["br"]);
    });
    test("strict keeps credentials from Eventing and tells it the Application", async () => {
      const echo = await echoOf(
        "Authorization: Bearer x",
        "Cookie: a=b",
        "X-Envoy-Foo: 1",
        "X-Forwarded-Application: other",
      );
      const strict = profile === "strict";
      expect(valuesOf(echo, "authorization")).toEqual(strict ? [] : ["Bearer x"]);
      expect(valuesOf(echo, "cookie")).toEqual(strict ? [] : ["a=b"]);
      expect(valuesOf(echo, "x-envoy-foo")).toEqual(strict ? [] : ["1"]);
      expect(valuesOf(echo, "x-forwarded-application")).toEqual(strict ? ["std"] : ["other"]);
    });
  });

  describe("bodies", () => {
    const bytes = randomBytes(200 * 1024);
    test.each([
      [
        "chunked",
        ["Transfer-Encoding: chunked"],
        chunked(bytes.subarray(0, 5), bytes.subarray(5, 70_000), bytes.subarray(70_000)),
      ],
      ["with a length", [], bytes],
    ])("CV-22 200 KiB %s arrive byte for byte", async (_title, framing, body) => {
      const response = await world.call("/std/events", {
        xfcc,
        headers: [...event, ...framing, "X-Answer: bytes"],
        body,
      });
      expect(response.status).toBe(200);
      expect(response.body.equals(bytes)).toBe(true);
      expect(world.echo.seen.at(-1)).toMatchObject({ complete: true });
    });
    test("CV-48 a structured CloudEvent keeps its bytes, whatever the spelling of its content type", async () => {
      const body = '{ "specversion":"1.0","id":"1","source":"std","type":"a.b.v1","data":{"n":12345678901234567890} }';
      const headers = ["Content-Type: application/cloudevents+json;charset=UTF-8", "X-Answer: bytes"];
      expect(await world.call("/std/v2/events", { xfcc, headers, body })).toMatchObject({ status: 200, text: body });
    });
    test("a length stays a length, and chunks stay chunks", async () => {
      const counted = await world.echoOf("/std/events", { xfcc, headers: event, body: "12345" });
      expect(valuesOf(counted, "content-length")).toEqual(["5"]);
      const body = chunked("12345");
      const unknown = await world.echoOf("/std/events", {
        xfcc,
        headers: [...event, "Transfer-Encoding: chunked"],
        body,
      });
      expect([valuesOf(unknown, "transfer-encoding"), unknown.body]).toEqual([["chunked"], "12345"]);
    });
    test("a client that waits for 100 Continue is told to go on, and Eventing is not asked", async () => {
      const echo = await world.echoOf("/std/events", {
        xfcc,
        headers: [...event, "Expect: 100-continue"],
        body: "12345",
      });
      expect([echo.body, valuesOf(echo, "expect")]).toEqual(["12345", []]);
    });
    test.each([
      ["with a length: Eventing is not even asked", ["Content-Length: 300001"], Buffer.alloc(300_001), 0],
      [
        "chunked: Eventing sees no complete request",
        ["Transfer-Encoding: chunked"],
        chunked(Buffer.alloc(200_000), Buffer.alloc(100_001)),
        1,
      ],
    ])("CV-50 a body that is one byte too long, %s", async (_title, framing, body, asked) => {
      const before = world.echo.seen.length;
      const response = await world.call("/std/events", { xfcc, headers: [...event, ...framing], body });
      expect(response).toMatchObject({
        status: 413,
        text: '{"code":413,"error":"request body exceeds 300000 bytes"}\n',
      });
      expect(response.header("error-reason")).toBe("payload_too_large");
      await new Promise((resolve) => setImmediate(resolve));
      const seen = world.echo.seen.slice(before);
      expect(seen.length).toBeLessThanOrEqual(asked);
      expect(seen.filter(({ complete }) => complete)).toEqual([]);
    });
    test("a body of exactly the limit passes", async () => {
      const response = await world.call("/std/events", { xfcc, headers: event, body: Buffer.alloc(300_000) });
      expect(response.status).toBe(200);
    });
  });

  describe("Eventing's answer", () => {
    const answered = (status: number, path = "/std/events") =>
      world.call(`${path}?status=${status}`, { xfcc, headers: event, body: anyBody });

    test.each([
      ["CV-23", 507],
      ["CV-24", 500],
      ["CV-24", 503],
      ["CV-24", 599],
    ])("%s %d becomes 502, is named, and keeps its body", async (_case, status) => {
      const response = await answered(status);
      expect(response).toMatchObject({ status: 502, text: `own body of ${status}` });
      expect(response.header("target-system-status")).toBe(String(status));
      expect(response.header("content-type")).toBe("text/x-own");
      expect(response.header("error-reason")).toBe("eventing_error");
    });
    test.each([204, 301, 400, 404, 413])("CV-25 %d passes unchanged", async (status) => {
      const response = await answered(status);
      expect(response).toMatchObject({ status, text: status === 204 ? "" : `own body of ${status}` });
      expect([response.header("target-system-status"), response.header("error-reason")]).toEqual([
        undefined,
        undefined,
      ]);
      expect(response.header("x-from")).toBe("eventing");
    });
    test("the legacy path has the same rules", async () => {
      expect((await answered(503, "/std/v1/events")).header("target-system-status")).toBe("503");
    });
  });

  test("CV-26 Eventing that refuses connections is an empty 502", async () => {
    const away = await startWorld({ profile });
    onTestFinished(() => away.stop());
    await away.echo.stop();
    const response = await away.call("/std/events", { xfcc, headers: event, body: anyBody });
    expect(response).toMatchObject({ status: 502, text: "" });
    expect(response.header("content-type")).toBeUndefined();
    expect(response.header("error-reason")).toBe("eventing_unreachable");
  });

  test("CV-27 Eventing that never answers is a 504 in time", async () => {
    const silent = await startWorld({ profile, flags: ["--proxyTimeout=1s"] });
    onTestFinished(() => silent.stop());
    silent.echo.hang();
    const startedAt = performance.now();
    const response = await silent.call("/std/events", { xfcc, headers: event, body: anyBody });
    expect(response).toMatchObject({ status: 504, text: '{"code":504,"error":"eventing did not answer in time"}\n' });
    expect(response.header("error-reason")).toBe("eventing_timeout");
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });

  describe.skipIf(otherValidator !== undefined)("D-15 slow senders", () => {
    const tooSlow = { status: 408, text: '{"code":408,"error":"request body did not arrive in time"}\n' };
    let impatient: World;
    beforeAll(async () => {
      impatient = await startWorld({ profile, flags: ["--bodyTimeout=500ms", "--proxyTimeout=500ms"] });
    });
    afterAll(() => impatient.stop());

    test("a body that stalls is a 408", async () => {
      const headers = [...event, "Content-Length: 100000"];
      const response = await impatient.call("/std/events", { xfcc, headers, body: "only this" });
      expect(response).toMatchObject(tooSlow);
      expect(response.header("error-reason")).toBe("body_timeout");
      expect(impatient.echo.seen.filter(({ complete }) => complete)).toEqual([]);
    });

    test("a body that trickles for ever is a 408 as well", async () => {
      const socket = connect(impatient.validator.ports.proxy, "127.0.0.1");
      const headers = [...event, "Transfer-Encoding: chunked"];
      socket.write(request("/std/events", { xfcc, headers }));
      const drip = setInterval(() => socket.write("1\r\nx\r\n"), 100);
      onTestFinished(() => {
        clearInterval(drip);
        socket.destroy();
      });
      expect(await readResponse(socket)).toMatchObject(tooSlow);
      expect(impatient.echo.seen.filter(({ complete }) => complete)).toEqual([]);
    });
  });
});
