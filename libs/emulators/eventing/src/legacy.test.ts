import { describe, expect, onTestFinished, test } from "vitest";
import { post, startUntil } from "./testing/start.ts";

const start = startUntil(onTestFinished);

const good = {
  "event-type": "order.created",
  "event-type-version": "v1",
  "event-time": "2026-01-01T10:00:00+01:00",
  "event-id": "31109198-4d69-4ae0-972d-76117f3748c8",
  data: { n: 1 },
};

test("a legacy event becomes two CloudEvents, the current one first", async () => {
  const eventing = await start();
  const answer = await post(`${eventing.url}/my-app/v1/events`, JSON.stringify(good));
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text)).toEqual({ "event-id": good["event-id"], status: "", reason: "" });
  const shared = {
    id: good["event-id"],
    time: good["event-time"],
    data: { n: 1 },
    datacontenttype: "application/json",
    eventtypeversion: "v1",
  };
  const [current, prefixed] = eventing.events;
  expect(current).toMatchObject({
    application: "my-app",
    subject: "kyma.my-app.order.created.v1",
    originalType: "order.created.v1",
    event: { ...shared, source: "my-app", type: "kyma.my-app.order.created.v1", originaltype: "order.created.v1" },
  });
  expect(prefixed).toMatchObject({
    subject: "kyma.sap.kyma.custom.myapp.order.created.v1",
    event: { ...shared, source: "kyma", type: "sap.kyma.custom.myapp.order.created.v1" },
  });
});

test("without an id the two get different ones and the second is told", async () => {
  const eventing = await start();
  const { "event-id": _, ...anonymous } = good;
  const answer = await post(`${eventing.url}/app/v1/events`, JSON.stringify(anonymous));
  const [current, prefixed] = eventing.events;
  expect(JSON.parse(answer.text)["event-id"]).toBe(prefixed?.id);
  expect(current?.id).not.toBe(prefixed?.id);
});

test("names match in any case, unknown fields and what follows the first value are ignored", async () => {
  const { url } = await start();
  const body = JSON.stringify({ ...good, "event-type": undefined, "Event-Type": "a.b", more: '"}{' });
  expect((await post(`${url}/app/v1/events`, `\n ${body} and more {`, { "content-type": "no type" })).status).toBe(200);
});

test("the application-type label names the application, names of 253 characters fit", async () => {
  const name = "a".repeat(253);
  const eventing = await start({ applicationTypes: { [name]: "shop" } });
  await post(`${eventing.url}/${name}/v1/events`, JSON.stringify(good));
  expect(eventing.events.map(({ type }) => type)).toEqual([
    "kyma.shop.order.created.v1",
    "sap.kyma.custom.shop.order.created.v1",
  ]);
});

describe("the first mistake is the answer", () => {
  const missing = (field: string) => ({
    status: 400,
    type: "validation_violation",
    message: "Missing field",
    details: [{ field, type: "missing_field", message: "Missing field" }],
  });
  const invalid = (field: string) => ({
    status: 400,
    type: "validation_violation",
    message: "Invalid field",
    details: [{ field, type: "invalid_field", message: "Invalid field" }],
  });
  test.each([
    [{}, missing("event-type")],
    [{ "event-type": "a" }, missing("event-type-version")],
    [{ "event-type": "a", "event-type-version": "-" }, invalid("event-type-version")],
    [{ "event-type": "a", "event-type-version": "v1" }, missing("event-time")],
    [{ ...good, "event-time": "2026-01-01", "event-id": "x" }, invalid("event-time")],
    [{ ...good, "event-id": "x", data: null }, invalid("event-id")],
    [{ ...good, data: null }, missing("data")],
    [{ ...good, data: "" }, missing("data")],
    [null, missing("event-type")],
  ])("%j", async (event, body) => {
    const { url } = await start();
    const answer = await post(`${url}/app/v1/events`, JSON.stringify(event));
    expect(answer.status).toBe(400);
    expect(answer.type).toMatch(/^application\/json/);
    expect(JSON.parse(answer.text)).toEqual(body);
  });

  test.each(["{", "[]", '{"event-type":5}', '"text"', "}"])("bad syntax: %s", async (text) => {
    const { url } = await start();
    const answer = await post(`${url}/app/v1/events`, text);
    expect(JSON.parse(answer.text)).toMatchObject({
      status: 400,
      type: "bad_payload_syntax",
      message: "Bad payload syntax",
    });
  });

  test("an empty body", async () => {
    const { url } = await start();
    const answer = await post(`${url}/app/v1/events`, "");
    expect(answer.text).toBe(
      '{"status":400,"type":"bad_payload_syntax","message":"Bad payload syntax","moreInfo":"Bad payload syntax"}',
    );
  });

  test("a body that is too large", async () => {
    const { url } = await start({ maxRequestBytes: 10 });
    const answer = await post(`${url}/app/v1/events`, JSON.stringify(good));
    expect(answer.status).toBe(413);
    expect(answer.text).toBe(
      '{"status":413,"type":"request_body_too_large","message":"Request body too large","moreInfo":"http: request body too large"}',
    );
  });
});

test("subscribed types are listed once each, for the application in the path", async () => {
  const { url, subscriptions } = await start({
    subscriptions: [
      { source: "app", types: ["order.created.v1", "order.paid.v2"] },
      { source: "app", types: ["order.created.v1", "plain"] },
      { source: "other", types: ["x.y.v1"] },
      { source: "any", types: ["sap.kyma.custom.app.a.b.v3", "sap.kyma.custom.other.a.b.v3"], typeMatching: "exact" },
    ],
  });
  const listed = async (app: string) => (await fetch(`${url}/${app}/v1/events/subscribed?x=1`)).json();
  expect(await listed("app")).toEqual({
    eventsInfo: [
      { name: "order.created", version: "v1" },
      { name: "order.paid", version: "v2" },
      { name: "plain", version: "" },
      { name: "a.b", version: "v3" },
    ],
  });
  expect(await listed("nobody")).toEqual({ eventsInfo: [] });
  subscriptions.push({ source: "nobody", types: ["now.somebody.v1"] });
  expect(await listed("nobody")).toEqual({ eventsInfo: [{ name: "now.somebody", version: "v1" }] });
});
