import { customResourceDefinitions } from "@application-connector/crds";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { X } from "./certificates.ts";
import { otherValidator } from "./other/other-validator.ts";
import { subscription, subscriptionDefinition } from "./subscriptions.ts";
import { application, eventually, startWorld, type World } from "./world.ts";

const event = (source: string, type: string) => [
  "Ce-Specversion: 1.0",
  `Ce-Type: ${type}`,
  `Ce-Source: ${source}`,
  "Ce-Id: 1",
];
const std = { xfcc: X("strict", "CN=std"), body: "{}" };

describe.skipIf(otherValidator !== undefined)("B-16 senders are told when nobody has subscribed", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({
      profile: "strict",
      flags: ["--subscriberHint"],
      crds: [...customResourceDefinitions, subscriptionDefinition],
      applications: [
        application("std", {}, { labels: { "application-type": "standard-type" } }),
        subscription("current", { source: "std", types: ["order.created.v1"] }),
        subscription("by-label", { source: "standard-type", types: ["order.paid.v1"] }),
        subscription("exact", {
          source: "",
          typeMatching: "exact",
          types: ["sap.kyma.custom.standardtype.order.sent.v1"],
        }),
        subscription("odd", { types: "none" }),
      ],
    });
    await eventually(async () => (await post("nobody.waits")).header("event-subscribers") !== undefined);
  });
  afterAll(() => world.stop());

  const post = (type: string) => world.call("/std/events", { ...std, headers: event("std", type) });

  test.each(["order.created.v1", "order.paid.v1", "sap.kyma.custom.std.order.sent.v1"])("not of %s", async (type) => {
    const response = await post(type);
    expect([response.status, response.header("event-subscribers")]).toEqual([200, undefined]);
  });

  test.each(["order.created.v2", "order.created", "sap.kyma.custom.std.order.sent.v2"])("of %s", async (type) => {
    const response = await post(type);
    expect([response.status, response.header("event-subscribers")]).toEqual([200, "0"]);
  });

  test("of a batch, if it is for nobody as a whole", async () => {
    const json = (type: string) => ({ specversion: "1.0", id: "1", source: "std", type });
    const batch = async (...types: string[]) => {
      const headers = ["Content-Type: application/cloudevents-batch+json"];
      const body = JSON.stringify(types.map(json));
      return (await world.call("/std/events", { ...std, headers, body })).header("event-subscribers");
    };
    expect(await batch("a.v1", "b.v1")).toBe("0");
    expect(await batch("a.v1", "order.created.v1")).toBe(undefined);
  });

  test("of an event that Eventing refuses nothing is said", async () => {
    const response = await world.call("/std/events?status=400", { ...std, headers: event("std", "a.v1") });
    expect([response.status, response.header("event-subscribers")]).toEqual([400, undefined]);
  });

  test("and it is counted", async () => {
    const count = async () => {
      const { text } = await world.health("/metrics");
      return Number(/unheard_events_total\{application="std"\} (\d+)/.exec(text)?.[1] ?? 0);
    };
    const before = await count();
    await post("a.v1");
    await post("order.created.v1");
    expect((await count()) - before).toBe(1);
  });

  test("a Subscription that comes or goes is noticed", async () => {
    const hint = async () => (await post("late.v1")).header("event-subscribers");
    expect(await hint()).toBe("0");
    const made = world.kubeApi.create(subscription("late", { source: "std", types: ["late.v1"] }));
    await expect.poll(hint).toBe(undefined);
    world.kubeApi.delete({ apiVersion: made.apiVersion, kind: made.kind, name: "late", namespace: "default" });
    await expect.poll(hint).toBe("0");
  });
});

test.skipIf(otherValidator !== undefined)("a cluster without Subscriptions is no reason to say anything", async () => {
  const world = await startWorld({ profile: "strict", flags: ["--subscriberHint"] });
  onTestFinished(() => world.stop());
  const response = await world.call("/std/events", { ...std, headers: event("std", "a.v1") });
  expect([response.status, response.header("event-subscribers")]).toEqual([200, undefined]);
});
