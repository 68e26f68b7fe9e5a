import { startEventing } from "@application-connector/eventing-emulator";
import { CloudEvent, HTTP, type Message } from "cloudevents";
import { describe, expect, onTestFinished, test } from "vitest";
import { X } from "./certificates.ts";
import { anyBody, binaryEvent } from "./events.ts";
import { startWorld, type World } from "./world.ts";

async function withEventing() {
  const eventing = await startEventing();
  const world = await startWorld({ profile: "strict", flags: [`--eventingPublisherHost=127.0.0.1:${eventing.port}`] });
  onTestFinished(async () => {
    await world.stop();
    await eventing.stop();
  });
  return { eventing, ...world };
}
const xfcc = X("strict", "CN=std");

test("a binary CloudEvent is acknowledged and stored, its data untouched", async () => {
  const { eventing, call } = await withEventing();
  expect(await call("/std/v2/events", { xfcc, headers: binaryEvent("std", "id-1"), body: anyBody })).toMatchObject({
    status: 204,
    text: "",
  });
  expect(eventing.events).toHaveLength(1);
  expect(JSON.stringify(eventing.events[0])).toContain("id-1");
});

describe("what the CloudEvents SDK makes of an event is what it reads again behind Eventing", () => {
  const data = { order: 4711, note: "Grüße, 日本" };
  const attributes = {
    source: "std",
    type: "order.created.v1",
    time: "2030-01-31T08:15:00.000Z",
    subject: "orders/4711",
    dataschema: "https://example.com/order.json",
    datacontenttype: "application/json",
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    comexampleflag: "x",
    data,
  };
  const post = async (
    { call }: Pick<World, "call">,
    { headers, body }: Pick<Message<unknown>, "body"> & { headers: object },
  ) => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    return await call("/std/events", { xfcc, headers: lines, body: String(body) });
  };
  /** As a consumer reads it with the same SDK. */
  const read = ({ headers, body }: { headers: readonly (readonly [string, string])[]; body: Buffer }) => {
    const named = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
    return HTTP.toEvent<typeof data>({ headers: named, body: body.toString() }) as CloudEvent<typeof data>;
  };

  test.each(["binary", "structured"] as const)("%s", async (mode) => {
    const { eventing, ...world } = await withEventing();
    const event = new CloudEvent({ id: mode, ...attributes });
    expect((await post(world, HTTP[mode](event))).status).toBe(204);
    const [stored] = eventing.events;
    if (stored === undefined) throw new Error("nothing was stored");
    expect(read(stored).toJSON()).toEqual(event.toJSON());
    expect(stored.event).toMatchObject({ id: mode, source: "std", data });
  });

  test("batched", async () => {
    const { eventing, ...world } = await withEventing();
    const events = ["1", "2", "3"].map((id) => new CloudEvent({ id, ...attributes }));
    const headers = { "content-type": "application/cloudevents-batch+json" };
    expect((await post(world, { headers, body: JSON.stringify(events) })).status).toBe(204);
    expect(eventing.events.map((stored) => read(stored).toJSON())).toEqual(events.map((event) => event.toJSON()));
  });
});

test("a structured CloudEvent is acknowledged", async () => {
  const { eventing, call } = await withEventing();
  const body = JSON.stringify({ specversion: "1.0", id: "2", source: "std", type: "order.created.v1", data: { a: 1 } });
  const headers = ["Content-Type: application/cloudevents+json;charset=UTF-8"];
  expect((await call("/std/events", { xfcc, headers, body })).status).toBe(204);
  expect(eventing.events).toHaveLength(1);
});

test("a legacy event is answered with its id, a wrong one with what is wrong", async () => {
  const { call } = await withEventing();
  const event = {
    "event-type": "order.created",
    "event-type-version": "v1",
    "event-time": "2030-01-01T00:00:00Z",
    data: "x",
  };
  const good = await call("/std/v1/events", { xfcc, body: JSON.stringify(event) });
  expect(good.status).toBe(200);
  expect(JSON.parse(good.text)).toMatchObject({ "event-id": expect.any(String) });
  const bad = await call("/std/v1/events", { xfcc, body: JSON.stringify({ ...event, "event-type": "" }) });
  expect(bad.status).toBe(400);
  expect(JSON.parse(bad.text)).toMatchObject({ type: "validation_violation" });
});

test("the list of subscribed types is Eventing's", async () => {
  const { call } = await withEventing();
  const response = await call("/std/v1/events/subscribed", { xfcc, method: "GET" });
  expect([response.status, response.text.trim()]).toEqual([200, '{"eventsInfo":[]}']);
});

test("an Eventing that is full is a 502 that says so", async () => {
  const { eventing, call } = await withEventing();
  eventing.fail({ status: 507 }, 1);
  const response = await call("/std/events", { xfcc, headers: binaryEvent("std"), body: anyBody });
  expect([response.status, response.header("target-system-status")]).toEqual([502, "507"]);
});
