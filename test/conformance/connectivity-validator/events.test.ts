import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { profiles, X } from "./certificates.ts";
import { anyBody, binaryEvent } from "./events.ts";
import type { RawResponse } from "./raw-client.ts";
import { application, type Call, startWorld, ucl, valuesOf, type World, type WorldOptions } from "./world.ts";

const prefix = "inbound.applicationconnector.kyma-project.io";
const annotated = (name: string, settings: Record<string, string>, metadata: object = {}) =>
  application(
    name,
    {},
    {
      annotations: Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${prefix}/${key}`, value])),
      ...metadata,
    },
  );
const structured = ["Content-Type: application/cloudevents+json;charset=UTF-8"];
const batched = ["Content-Type: application/cloudevents-batch+json"];
const event = (source: string, more: object = {}) =>
  JSON.stringify({ specversion: "1.0", id: "1", source, type: "order.created.v1", ...more });
const legacy = (type: string, version = "v1") =>
  JSON.stringify({
    "event-type": type,
    "event-type-version": version,
    "event-time": "2030-01-01T00:00:00Z",
    data: "x",
  });
const reasonOf = (response: RawResponse) => [response.status, response.header("error-reason")];

async function started(options: WorldOptions): Promise<World> {
  const world = await startWorld(options);
  onTestFinished(() => world.stop());
  return world;
}

describe("strict", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({
      profile: "strict",
      applications: [
        application("std"),
        application("shop", {}, { labels: { "application-type": "Shop-Type" } }),
        application("managed", ucl("id-1")),
        annotated("open", { "source-policy": "any" }),
        annotated("own", { "source-policy": "rewrite" }),
        annotated("more", { "allowed-sources": "/extra,urn:x:y" }),
        annotated("typed", { "allowed-event-types": "order.*.v1, invoice.**" }),
        annotated("broken", { "allowed-event-types": "order created" }),
        annotated("paused", { paused: "true" }),
        annotated("small", { "max-body-bytes": "100" }),
        annotated("large", { "max-body-bytes": "2Mi" }),
        annotated("pinned", { "cert-sha256": "ab".repeat(32) }),
      ],
    });
  });
  afterAll(() => world.stop());
  const post = (name: string, call: Call = {}, path = "events") =>
    world.call(`/${name}/${path}`, {
      xfcc: X("strict", `CN=${name === "managed" ? "id-1" : name}`),
      body: anyBody,
      ...call,
    });
  const seenBy = async (send: () => Promise<RawResponse>) => {
    const before = world.echo.seen.length;
    const response = await send();
    return { response, seen: world.echo.seen.slice(before) };
  };

  test("CV-47 a binary event without an id never reaches Eventing", async () => {
    const headers = binaryEvent("std").filter((line) => !line.startsWith("Ce-Id"));
    const { response, seen } = await seenBy(() => post("std", { headers }));
    expect(reasonOf(response)).toEqual([400, "invalid_event"]);
    expect(response.text).toBe('{"code":400,"error":"invalid event: id is missing"}\n');
    expect(seen).toEqual([]);
  });

  test("CV-48 a structured event passes byte for byte", async () => {
    const body = event("std").replace("}", ',"data" : {"n":12345678901234567890} }');
    const { response, seen } = await seenBy(() => post("std", { headers: structured, body }));
    expect(response.status).toBe(200);
    expect(seen.map((each) => each.body.toString())).toEqual([body]);
  });

  describe("CV-49 nobody posts in another's name", () => {
    test.each([
      ["binary", { headers: binaryEvent("other-app") }],
      ["structured", { headers: structured, body: event("other-app") }],
      ["batched", { headers: batched, body: `[${event("std")},${event("other-app")}]` }],
      [
        "in a prefixed type",
        { headers: structured, body: event("std", { type: "sap.kyma.custom.otherapp.order.created.v1" }) },
      ],
      ["percent-encoded", { headers: binaryEvent("%6fther-app") }],
      ["quoted", { headers: binaryEvent('"other-app"') }],
    ])("%s", async (_title, call) => {
      const { response, seen } = await seenBy(() => post("std", call));
      expect(reasonOf(response)).toEqual([403, "source_not_allowed"]);
      expect(seen).toEqual([]);
    });
    test.each([
      ["std", "std"],
      ["std", "%73td"],
      ["shop", "Shop-Type"],
      ["managed", "managed"],
      ["open", "whoever"],
      ["more", "urn:x:y"],
      ["more", "more"],
    ])("%s may be %s", async (name, source) => {
      expect((await post(name, { headers: binaryEvent(source) })).status).toBe(200);
    });
    test("the client id of a certificate is no source", async () => {
      expect(reasonOf(await post("managed", { headers: binaryEvent("id-1") }))).toEqual([403, "source_not_allowed"]);
    });
    test("validity is looked at before the source", async () => {
      expect(reasonOf(await post("std", { headers: [...binaryEvent("other-app"), "Ce-Time: now"] }))).toEqual([
        400,
        "invalid_event",
      ]);
    });
  });

  describe("a source that is set", () => {
    test("in the header", async () => {
      const echo = await world.echoOf("/own/events", {
        xfcc: X("strict", "CN=own"),
        headers: binaryEvent("other-app"),
        body: anyBody,
      });
      expect([valuesOf(echo, "ce-source"), echo.body]).toEqual([["own"], anyBody]);
    });
    test("in place, and nothing else changes", async () => {
      const body =
        ' {"data":{"source":"inside", "n":12345678901234567890} , "source" :"other\\u002dapp",\n"id":"1","type":"t","specversion":"1.0"}';
      const { seen } = await seenBy(() => post("own", { headers: structured, body }));
      expect(seen[0]?.body.toString()).toBe(body.trimStart().replace('"other\\u002dapp"', '"own"'));
    });
    test("in each event of a batch", async () => {
      const { response, seen } = await seenBy(() =>
        post("own", { headers: batched, body: `[${event("a")},${event("own")}]` }),
      );
      expect(response.status).toBe(204);
      expect(seen.map((each) => JSON.parse(each.body.toString()).source)).toEqual(["own", "own"]);
    });
    test("but not in a type that names another", async () => {
      const headers = [
        ...binaryEvent("x").filter((line) => !line.startsWith("Ce-Type")),
        "Ce-Type: sap.kyma.custom.other.a.b.v1",
      ];
      expect(reasonOf(await post("own", { headers }))).toEqual([403, "source_not_allowed"]);
    });
  });

  describe("an Application with a list of types", () => {
    const typed = (type: string) => [
      ...binaryEvent("typed").filter((line) => !line.startsWith("Ce-Type")),
      `Ce-Type: ${type}`,
    ];
    test.each(["order.created.v1", "invoice.paid", "%6frder.created.v1"])("may send %s", async (type) => {
      expect((await post("typed", { headers: typed(type) })).status).toBe(200);
    });
    test.each(["order.created.v2", "order.a.b.v1", "invoice", "customer.x"])("may not send %s", async (type) => {
      expect(reasonOf(await post("typed", { headers: typed(type) }))).toEqual([403, "type_not_allowed"]);
      const body = event("typed", { type });
      expect(reasonOf(await post("typed", { headers: structured, body }))).toEqual([403, "type_not_allowed"]);
    });
    test("may send legacy events of those types", async () => {
      const body = legacy("order.created");
      const { response, seen } = await seenBy(() => post("typed", { body }, "v1/events"));
      expect([response.status, seen[0]?.body.toString()]).toEqual([200, body]);
    });
    test("may not send others, nor such as are read in two ways", async () => {
      expect(reasonOf(await post("typed", { body: legacy("customer.created") }, "v1/events"))).toEqual([
        403,
        "type_not_allowed",
      ]);
      const twice = legacy("order.created").replace("}", ',"Event-Type":"customer.created"}');
      const { response, seen } = await seenBy(() => post("typed", { body: twice }, "v1/events"));
      expect([response.status, JSON.parse(response.text).type, seen]).toEqual([400, "bad_payload_syntax", []]);
    });
    test("gets Eventing's answer to a legacy event that is none", async () => {
      const response = await post("typed", { body: "{}" }, "v1/events");
      expect(response.header("content-type")).toBe("application/json");
      expect([response.status, response.text]).toEqual([
        400,
        '{"status":400,"type":"validation_violation","message":"Missing field","details":[{"field":"event-type","type":"missing_field","message":"Missing field"}]}',
      ]);
    });
    test("that nobody can read may send nothing", async () => {
      expect(reasonOf(await post("broken", { headers: binaryEvent("broken") }))).toEqual([403, "type_not_allowed"]);
      const metrics = (await world.health("/metrics")).text;
      expect(metrics).toContain('connectivity_validator_annotation_mistakes{application="broken"} 1');
    });
  });

  test("CV-51 a batch arrives as single events in its order, or not at all", async () => {
    const events = ["1", "2"].map((id) => event("std", { id }));
    const good = await seenBy(() => post("std", { headers: batched, body: `[${events}]` }));
    expect([good.response.status, good.response.text]).toEqual([204, ""]);
    expect(good.seen.map((each) => [each.method, each.url, each.body.toString()])).toEqual(
      events.map((each) => ["POST", "/publish", each]),
    );
    const bad = await seenBy(() => post("std", { headers: batched, body: `[${events},{"id":"3"}]` }));
    expect(reasonOf(bad.response)).toEqual([400, "invalid_event"]);
    expect(bad.response.text).toContain("2 (specversion is missing)");
    expect(bad.seen).toEqual([]);
  });

  test("a batch has a hundred events at most", async () => {
    const of = (count: number) => `[${Array.from({ length: count }, (_, at) => event("std", { id: `${at}` }))}]`;
    const full = await seenBy(() => post("std", { headers: batched, body: of(100) }));
    expect([full.response.status, full.seen.length]).toEqual([204, 100]);
    expect(full.seen.map((each) => Number(JSON.parse(each.body.toString()).id))).toEqual(
      Array.from({ length: 100 }, (_, at) => at),
    );
    const over = await seenBy(() => post("std", { headers: batched, body: of(101) }));
    expect([...reasonOf(over.response), over.seen.length]).toEqual([413, "payload_too_large", 0]);
  });

  test.each([503, 400])("a batch that Eventing answers with %d is answered like one event", async (status) => {
    const { response, seen } = await seenBy(() =>
      post("std", { headers: batched, body: `[${event("std")},${event("std")}]` }, `events?status=${status}`),
    );
    expect(response).toMatchObject({ status: status === 503 ? 502 : 400, text: `own body of ${status}` });
    expect(response.header("target-system-status")).toBe(status === 503 ? "503" : undefined);
    // After an outage the second is not tried: it would overtake the first.
    expect(seen).toHaveLength(status === 503 ? 1 : 2);
  });

  test("a paused Application sends nothing", async () => {
    const response = await post("paused", { headers: binaryEvent("paused") });
    expect([...reasonOf(response), response.header("retry-after")]).toEqual([503, "application_paused", "30"]);
  });

  test("an Application that is bound to a certificate takes no other of the same name", async () => {
    expect(reasonOf(await post("pinned", { headers: binaryEvent("pinned") }))).toEqual([403, "subject_mismatch"]);
  });

  test("an Application's own size limit counts, upwards as well", async () => {
    const sized = (name: string, length: number) =>
      post(name, { headers: [...binaryEvent(name), "Content-Type: text/plain"].slice(0, 4), body: "x".repeat(length) });
    expect((await sized("small", 100)).status).toBe(200);
    expect(reasonOf(await sized("small", 101))).toEqual([413, "payload_too_large"]);
    expect((await sized("large", 2 * 1024 * 1024)).status).toBe(200);
    expect(reasonOf(await sized("large", 2 * 1024 * 1024 + 1))).toEqual([413, "payload_too_large"]);
    expect(reasonOf(await sized("std", 1024 * 1024 + 1))).toEqual([413, "payload_too_large"]);
  });

  test.each(["GET", "PUT", "DELETE", "OPTIONS", "PROPFIND"])("%s is no way to send an event", async (method) => {
    const response = await world.call("/std/events", { xfcc: X("strict", "CN=std"), method });
    expect([...reasonOf(response), response.header("allow")]).toEqual([405, "method_not_allowed", "POST"]);
    expect(JSON.parse(response.text)).toMatchObject({ code: 405 });
  });
});

describe.each(profiles)("%s", (profile) => {
  test("CV-52 a rate is kept, and told", async () => {
    const world = await started({
      profile,
      applications: [annotated("std", { "rate-limit": "5/s;burst=5" }), application("free")],
    });
    const call = (name: string) =>
      world.call(`/${name}/events`, { xfcc: X(profile, `CN=${name}`), headers: binaryEvent(name), body: anyBody });
    const responses = await Promise.all(Array.from({ length: 20 }, () => call("std")));
    const good = responses.filter(({ status }) => status === 200);
    const limited = responses.filter(({ status }) => status === 429);
    expect([5, 6]).toContain(good.length);
    expect(good.length + limited.length).toBe(20);
    for (const response of limited) {
      expect(reasonOf(response)).toEqual([429, "rate_limited"]);
      expect([
        response.header("retry-after"),
        response.header("ratelimit-limit"),
        response.header("ratelimit-remaining"),
      ]).toEqual(["1", "5", "0"]);
    }
    expect(good.map((response) => response.header("ratelimit-limit"))).toEqual(good.map(() => "5"));
    const others = await call("free");
    expect([others.status, others.header("ratelimit-limit")]).toEqual([200, undefined]);
    expect((await world.health("/metrics")).text).toContain(
      `connectivity_validator_rate_limited_total{application="std"} ${limited.length}`,
    );
    await expect.poll(async () => (await call("std")).status, { interval: 100 }).toBe(200);
  });
});

test("a batch is paid for by its events", async () => {
  const world = await started({ profile: "strict", applications: [annotated("std", { "rate-limit": "1/m;burst=3" })] });
  const send = (count: number) =>
    world.call("/std/events", {
      xfcc: X("strict", "CN=std"),
      headers: batched,
      body: `[${Array.from({ length: count }, () => event("std"))}]`,
    });
  const first = await send(5);
  expect([first.status, first.header("ratelimit-remaining")]).toEqual([204, "0"]);
  const second = await send(1);
  expect(second.status).toBe(429);
  // Two that are owed and one to come.
  expect(Number(second.header("retry-after"))).toBeGreaterThan(120);
});

describe("settings that neither profile has", () => {
  const xfcc = X("compat", "CN=std");
  test("warn counts what is wrong and lets it pass", async () => {
    const world = await started({ flags: ["--ceValidation=warn"] });
    const body = event("std").replace('"1.0"', '"0.3"');
    const echo = await world.echoOf("/std/events", { xfcc, headers: structured, body });
    expect(echo.body).toBe(body);
    expect((await world.call("/std/events", { xfcc, headers: ["Content-Type: text/plain"], body })).status).toBe(200);
    const metrics = (await world.health("/metrics")).text;
    expect(metrics).toContain('connectivity_validator_ce_invalid_total{reason="invalid_attribute"} 1');
    expect(metrics).toContain('connectivity_validator_ce_invalid_total{reason="missing_attribute"} 1');
  });
  test("off looks into nothing", async () => {
    const world = await started({});
    for (const headers of [structured, batched, ["Ce-Bad_Name: x"], [...structured, "Content-Type: x"]]) {
      const echo = await world.echoOf("/std/events", { xfcc, headers, body: "{" });
      expect(echo.body).toBe("{");
    }
    const echo = await world.echoOf("/std/events", { xfcc, headers: [...structured, "Ce-Id: 1"], body: "{" });
    expect(valuesOf(echo, "ce-id")).toEqual(["1"]);
  });
  test("a rule about events needs events that can be read, whatever is checked otherwise", async () => {
    const world = await started({ applications: [annotated("std", { "source-policy": "match" })] });
    expect(reasonOf(await world.call("/std/events", { xfcc, headers: structured, body: "{" }))).toEqual([
      400,
      "invalid_event",
    ]);
  });
  test("chosen statuses of Eventing reach the client", async () => {
    const world = await started({ flags: ["--passEventingStatuses=507,503"] });
    const status = async (given: number) => {
      const response = await world.call(`/std/events?status=${given}`, { xfcc, body: anyBody });
      return [response.status, response.header("target-system-status"), response.text];
    };
    expect(await status(507)).toEqual([507, "507", "own body of 507"]);
    expect(await status(500)).toEqual([502, "500", "own body of 500"]);
  });
  test("an Application that there is not can be hidden", async () => {
    const world = await started({ flags: ["--hideUnknownApplications"] });
    const response = await world.call("/nope/events", { xfcc });
    expect([response.status, response.text]).toEqual([403, '{"code":403,"error":"no valid subject found"}\n']);
  });
  test("a web hook's handshake is answered for known origins", async () => {
    const world = await started({ flags: ["--webhookAllowedOrigins=events.example.com"], profile: "strict" });
    const ask = (origin: string, subject = "CN=std") =>
      world.call("/std/events", {
        xfcc: X("strict", subject),
        method: "OPTIONS",
        headers: [`WebHook-Request-Origin: ${origin}`],
      });
    const granted = await ask("events.example.com");
    expect([granted.status, granted.header("webhook-allowed-origin"), granted.header("webhook-allowed-rate")]).toEqual([
      200,
      "events.example.com",
      "*",
    ]);
    expect((await ask("other.example.com")).header("webhook-allowed-origin")).toBeUndefined();
    expect((await ask("events.example.com", "CN=other")).status).toBe(403);
    expect(world.echo.seen).toEqual([]);
  });
});
