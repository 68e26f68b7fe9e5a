import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { profiles, X } from "./certificates.ts";
import { binaryEvent } from "./events.ts";
import { otherValidator } from "./other/other-validator.ts";
import { startWorld, type World } from "./world.ts";

describe.skipIf(otherValidator !== undefined)("B-15 an event that was stored is not handed on again", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ profile: "strict", flags: ["--idempotencyWindow=5m"] });
  });
  afterAll(() => world.stop());

  const xfcc = X(profiles.at(-1) ?? "strict", "CN=std");
  const post = (headers: string[], body = "{}", path = "/std/events") => world.call(path, { xfcc, headers, body });
  const json = (id: string) => JSON.stringify({ specversion: "1.0", id, source: "std", type: "t" });
  const structured = ["Content-Type: application/cloudevents+json"];
  const batched = ["Content-Type: application/cloudevents-batch+json"];
  const seenBy = async (action: () => Promise<unknown>) => {
    const before = world.echo.seen.length;
    await action();
    return world.echo.seen.length - before;
  };

  test("in whatever mode it comes again", async () => {
    expect(await seenBy(() => post(binaryEvent("std", "a")))).toBe(1);
    const [first, again] = [await post(binaryEvent("std", "b")), await post(binaryEvent("std", "b"))];
    expect([first.status, again.status, again.text]).toEqual([200, 200, first.text]);
    expect(await seenBy(() => post(structured, json("b")))).toBe(0);
    expect(await seenBy(() => post(batched, `[${json("a")},${json("c")},${json("b")}]`))).toBe(1);
    expect(await seenBy(() => post(structured, json("c"), "/std/v2/events"))).toBe(0);
    const metric = 'connectivity_validator_repeated_events_total{application="std"} 5';
    expect((await world.health("/metrics")).text).toContain(metric);
  });

  test("but one that failed is", async () => {
    const failing = "/std/events?status=503";
    expect((await post(binaryEvent("std", "d"), "{}", failing)).status).toBe(502);
    expect(await seenBy(() => post(binaryEvent("std", "d")))).toBe(1);
    expect(await seenBy(() => post(binaryEvent("std", "d"), "{}", failing))).toBe(0);
  });

  test("and what is no event of that kind passes as always", async () => {
    const legacy = { xfcc, body: '{"event-type":"t"}' };
    expect(await seenBy(() => world.call("/std/v1/events", legacy))).toBe(1);
    expect(await seenBy(() => world.call("/std/v1/events", legacy))).toBe(1);
    expect((await world.call("/std/v1/events/subscribed", { xfcc, method: "GET" })).status).toBe(200);
  });
});
