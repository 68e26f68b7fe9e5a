import { connect } from "node:net";
import { CloudEvent, HTTP } from "cloudevents";
import { describe, expect, onTestFinished, test } from "vitest";
import { binaryHeaders, post, startUntil } from "./testing/start.ts";

const start = startUntil(onTestFinished);

test("a binary event is stored under its cleaned type and acknowledged with 204", async () => {
  const eventing = await start();
  const answer = await post(`${eventing.url}/publish`, '{"n":1}', { ...binaryHeaders, "ce-extra": "a%20b" });
  expect([answer.status, answer.text]).toEqual([204, ""]);
  expect(eventing.events).toMatchObject([
    {
      mode: "binary",
      subject: "kyma.commerce.order.created.v1",
      type: "kyma.commerce.order.created.v1",
      originalType: "order.created.v1",
      event: { id: "1", source: "commerce", data: { n: 1 }, extra: "a b", originaltype: "order.created.v1" },
    },
  ]);
  expect(eventing.events[0]?.body.toString()).toBe('{"n":1}');
  expect(eventing.events[0]?.event).not.toHaveProperty("time");
});

test.each([
  "application/cloudevents+json",
  "application/cloudevents+json;charset=UTF-8",
  "Application/CloudEvents+JSON; charset=utf-8",
])("a structured event is read with content type %s, its body kept byte for byte", async (type) => {
  const eventing = await start();
  const body =
    ' {"specversion":"1.0","id":"1","source":"s","type":"a.b.v1","subject":null,"data":{"n":12345678901234567890}}';
  expect((await post(`${eventing.url}/publish`, body, { "content-type": type })).status).toBe(204);
  expect(eventing.events[0]).toMatchObject({ mode: "structured", type: "kyma.s.a.b.v1" });
  expect(eventing.events[0]?.body.toString()).toBe(body);
  expect(eventing.events[0]?.event).not.toHaveProperty("subject");
});

test.each(["binary", "structured"] as const)("an event built by the cloudevents package is taken, %s", async (mode) => {
  const eventing = await start();
  const event = new CloudEvent({ source: "commerce", type: "order.created.v1", data: { n: 1 } });
  const message = HTTP[mode](event);
  const headers = message.headers as Record<string, string>;
  expect(
    (await post(`${eventing.url}/publish`, typeof message.body === "string" ? message.body : "", headers)).status,
  ).toBe(204);
  expect(eventing.events[0]).toMatchObject({ id: event.id, event: { time: event.time, data: { n: 1 } } });
});

test("bytes that are no JSON are kept as base64", async () => {
  const eventing = await start();
  const bytes = new Uint8Array([0, 255, 1]);
  await post(`${eventing.url}/publish`, bytes, { ...binaryHeaders, "content-type": "application/octet-stream" });
  expect(eventing.events[0]?.event.data_base64).toBe("AP8B");
});

test("trace headers become extensions", async () => {
  const eventing = await start();
  await post(`${eventing.url}/publish`, "{}", { ...binaryHeaders, traceparent: "00-a-b-01", "X-B3-TraceId": "t" });
  expect(eventing.events[0]?.event).toMatchObject({ traceparent: "00-a-b-01", b3traceid: "t" });
});

describe("what is no valid event is refused with 400 and stored nowhere", () => {
  const structured = { "content-type": "application/cloudevents+json" };
  test.each([
    { why: "no CloudEvent", headers: {}, body: "{}", text: "unknown Message encoding" },
    {
      why: "an unknown version",
      headers: { ...binaryHeaders, "ce-specversion": "2.0" },
      body: "{}",
      text: "unknown Message encoding",
    },
    {
      why: "no type",
      headers: { ...binaryHeaders, "ce-type": "" },
      body: "{}",
      text: "type: MUST be a non-empty string\n",
    },
    {
      why: "a bad time",
      headers: { ...binaryHeaders, "ce-time": "yesterday" },
      body: "{}",
      text: "time: MUST be an RFC 3339 timestamp\n",
    },
    {
      why: "a batch",
      headers: { "content-type": "application/cloudevents-batch+json" },
      body: "[]",
      text: "not supported for batch events",
    },
    {
      why: "another format",
      headers: { "content-type": "application/cloudevents+avro" },
      body: "x",
      text: "unknown Message encoding",
    },
    { why: "null", headers: structured, body: "null", text: "the event is no JSON object" },
    {
      why: "nothing but a version",
      headers: structured,
      body: '{"specversion":"1.0"}',
      text: "id: MUST be a non-empty string\nsource: REQUIRED\ntype: MUST be a non-empty string\n",
    },
    {
      why: "a type with an empty segment",
      headers: { ...binaryHeaders, "ce-type": "a..b" },
      body: "{}",
      text: /^event type cannot have empty segments/,
    },
  ])("$why", async ({ headers, body, text }) => {
    const eventing = await start();
    const answer = await post(`${eventing.url}/publish`, body, headers as Record<string, string>);
    expect(answer).toMatchObject({ status: 400, type: "text/plain; charset=utf-8" });
    expect(answer.text).toMatch(
      typeof text === "string" ? new RegExp(`^${text.replaceAll(/[.*+?^$]/g, "\\$&")}$`) : text,
    );
    expect(eventing.events).toEqual([]);
  });
});

test("64 KiB are taken, a byte more is refused", async () => {
  const eventing = await start();
  const size = async (bytes: number) => post(`${eventing.url}/publish`, `"${"x".repeat(bytes - 2)}"`, binaryHeaders);
  expect((await size(65_536)).status).toBe(204);
  expect(await size(65_537)).toMatchObject({ status: 400, text: "http: request body too large" });
});

test("other methods are not allowed, other paths not found", async () => {
  const { url } = await start();
  expect((await fetch(`${url}/publish`)).status).toBe(405);
  expect((await fetch(`${url}/a/v1/events`)).status).toBe(405);
  const lost = await fetch(`${url}/a/v2/events`);
  expect([lost.status, await lost.text()]).toEqual([404, "404 page not found\n"]);
});

test("a request that breaks off stores nothing and is remembered as incomplete", async () => {
  const eventing = await start();
  const socket = connect(eventing.port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  const headers = Object.entries(binaryHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`POST /publish HTTP/1.1\r\nHost: e\r\n${headers.join("")}Content-Length: 100\r\n\r\n{"begin":`);
  await expect.poll(() => eventing.requests[0]?.bodyBytes ?? 0).toBeGreaterThan(0);
  socket.destroy();
  expect((await post(`${eventing.url}/publish`, "{}", { ...binaryHeaders, "ce-id": "2" })).status).toBe(204);
  expect(eventing.requests[0]).toMatchObject({ complete: false });
  expect(eventing.events.map(({ id }) => id)).toEqual(["2"]);
});
