import { expect, test } from "vitest";
import type { DeliverableEvent } from "../delivery/delivery.ts";
import { translate } from "./nats-message.ts";
import { natsServers } from "./nats-servers.ts";

const rules = {
  typePrefix: "sap.kyma.custom",
  typeLabelOf: (name: string) => (name === "labelled" ? "shop-1" : undefined),
};
const deliverable = (
  headers: string[],
  body: string | Buffer,
  more: Partial<DeliverableEvent> = {},
): DeliverableEvent => ({
  application: "crm",
  route: "events",
  path: "/publish",
  headers,
  body: Buffer.from(body),
  context: undefined,
  ...more,
});
const attributes = ["ce-specversion", "1.0", "ce-id", "1", "ce-source", "crm", "ce-type", "a.b.v1"];
const messagesOf = (event: DeliverableEvent) => {
  const translation = translate(event, rules);
  if ("status" in translation) throw new Error(`${translation.status} ${translation.body}`);
  return translation.messages;
};

test.each<[type: string | undefined, body: string | Buffer, member: string | undefined]>([
  ["application/json", '{"n": 1.0}', '"data":{"n": 1.0}'],
  ["Application/Order+JSON; charset=utf-8", "[1]", '"data":[1]'],
  [undefined, "7", '"data":7'],
  ["application/json", "{no json", `"data_base64":"${Buffer.from("{no json").toString("base64")}"`],
  ["text/plain", 'say "hi"', '"data":"say \\"hi\\""'],
  ["text/plain", Buffer.from([0xff]), '"data_base64":"/w=="'],
  ["application/octet-stream", "abc", '"data_base64":"YWJj"'],
  ["application/json", "", undefined],
])("data of the type %s: %j", (type, body, member) => {
  const headers = type === undefined ? attributes : [...attributes, "Content-Type", type];
  const [message] = messagesOf(deliverable(headers, body));
  const text = message?.body.toString() ?? "";
  if (member === undefined) expect(text).not.toMatch(/"data(_base64)?":/);
  else expect(text).toContain(member);
  expect(() => JSON.parse(text)).not.toThrow();
});

test.each([
  ["crm", "a.b.v1", "kyma.crm.a.b.v1"],
  ["labelled", "a.b.v1", "kyma.shop-1.a.b.v1"],
  ["/some/source.*", "a b*.v1", "kyma.somesource.ab.v1"],
  ["x", "sap.kyma.custom.labelled.a-1.b.c.v1", "kyma.sap.kyma.custom.shop1.a1b.c.v1"],
])("source %j and type %j have the subject %s", (source, type, subject) => {
  const headers = ["ce-specversion", "1.0", "ce-id", "1", "ce-source", source, "ce-type", type];
  expect(messagesOf(deliverable(headers, ""))[0]?.subject).toBe(subject);
});

test("a structured event keeps its bytes but for its type, and cannot bring its own originaltype or trace", () => {
  const body =
    '{"originaltype":"forged", "specversion":"1.0","id":"1","source":"crm","type":"a.b.v1","traceparent":"old","data": 1e400}';
  const headers = ["Content-Type", "application/cloudevents+json", "Traceparent", "new"];
  const text = messagesOf(deliverable(headers, body))[0]?.body.toString();
  expect(text).toBe(
    '{"originaltype":"a.b.v1","specversion":"1.0","id":"1","source":"crm","type":"kyma.crm.a.b.v1","traceparent":"new","data":1e400}',
  );
});

test.each([
  ["nats://a:1", { servers: ["nats://a:1"] }],
  ["nats://me:p%40ss@a:1,tls://b", { servers: ["nats://a:1", "tls://b"], user: "me", pass: "p@ss" }],
  ["nats://token@a", { servers: ["nats://a"], token: "token" }],
])("%s", (url, expected) => {
  expect(natsServers(url)).toEqual(expected);
});
