import { expect, test } from "vitest";
import { createCorrelator, nameOf } from "./correlator.ts";
import { coreEventOf, eventOf, type Statement } from "./event.ts";

const about = { apiVersion: "v1", kind: "ConfigMap", namespace: "here", name: "crm", uid: "1" };
const minuteMs = 60_000;

function correlate() {
  const correlator = createCorrelator();
  const say = (message: string, atMs: number, more: Partial<Statement> = {}, object: object = about) =>
    correlator.record({ ...about, ...object }, { type: "Normal", reason: "Tested", message, ...more }, atMs, atMs);
  return say;
}

test("what is said again within six minutes is one event that counts", () => {
  const say = correlate();
  const first = say("a", 0);
  expect(say("a", 5 * minuteMs)).toBe(first);
  expect(say("a", 10 * minuteMs)).toBe(first);
  expect(first).toMatchObject({ count: 3, firstMs: 0, lastMs: 10 * minuteMs });
  expect(say("a", 17 * minuteMs)).not.toBe(first);
});

test.each([
  { what: "message", more: {}, message: "b" },
  { what: "reason", more: { reason: "Other" }, message: "a" },
  { what: "type", more: { type: "Warning" as const }, message: "a" },
  { what: "object", more: {}, message: "a", object: { name: "shop" } },
  { what: "incarnation of the object", more: {}, message: "a", object: { uid: "2" } },
])("another $what is another event", ({ message, more, object }) => {
  const say = correlate();
  expect(say(message, 1, more, object)).not.toBe(say("a", 0));
});

test("more than ten texts for one reason become one event that counts", () => {
  const say = correlate();
  const events = Array.from({ length: 15 }, (_, index) => say(`text ${index}`, index));
  expect(new Set(events.slice(0, 10)).size).toBe(10);
  expect(new Set(events.slice(10)).size).toBe(1);
  expect(events[10]).toMatchObject({ count: 5, message: "(combined from similar events) text 10" });
});

test("there are twenty-five events about an object at once, then one in five minutes", () => {
  const say = correlate();
  const count = (atMs: number) =>
    Array.from({ length: 40 }, (_, index) => say("a", atMs, { reason: `Reason${atMs}x${index}` })).filter((e) => e)
      .length;
  expect(count(0)).toBe(25);
  expect(count(5 * minuteMs)).toBe(1);
  expect(count(20 * minuteMs)).toBe(3);
  expect(say("a", 20 * minuteMs, {}, { name: "shop" })).toBeDefined();
});

test.each([
  ["crm", /^crm\.[0-9a-f]+$/],
  ["system:Node_1.", /^system\.node\.1\.[0-9a-f]+$/],
  [":", /^[0-9a-f]+$/],
  ["x".repeat(253), /^x{200}\.[0-9a-f]+$/],
])("an event about %s has a name of its own that the server takes", (name, pattern) => {
  expect(nameOf({ name }, 1_767_225_600_000)).toMatch(pattern);
  expect(nameOf({ name }, 0)).not.toBe(nameOf({ name }, 0));
});

test("an event is cut to what the server takes, in both of its shapes", () => {
  const occurrence = {
    about: { ...about, namespace: undefined as never },
    type: "Normal" as const,
    reason: "R".repeat(200),
    message: "ä".repeat(2_000),
    name: "crm.1",
    count: 2,
    firstMs: 0,
    lastMs: 1,
  };
  const reporter = { component: "tester", instance: "i".repeat(200) };
  const event = eventOf(occurrence, reporter);
  expect(event).toMatchObject({
    metadata: { name: "crm.1", namespace: "default" },
    eventTime: "1970-01-01T00:00:00.000000Z",
    series: { count: 2, lastObservedTime: "1970-01-01T00:00:00.001000Z" },
  });
  expect(Buffer.byteLength(event.note ?? "")).toBeLessThanOrEqual(1024);
  expect(event.note?.endsWith("ä…")).toBe(true);
  expect(event.reason).toBe(event.action);
  expect([event.reason, event.reportingInstance].map((text) => Buffer.byteLength(text ?? ""))).toEqual([128, 128]);
  expect(coreEventOf(occurrence, reporter)).toMatchObject({
    count: 2,
    source: { component: "tester" },
    firstTimestamp: "1970-01-01T00:00:00Z",
    lastTimestamp: "1970-01-01T00:00:00Z",
  });
});
