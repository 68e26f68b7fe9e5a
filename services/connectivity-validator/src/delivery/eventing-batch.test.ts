import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createTarget } from "@application-connector/forward";
import { expect, onTestFinished, test } from "vitest";
import { deliverAll } from "./deliver-all.ts";
import type { DeliverableEvent, DeliveryResult } from "./delivery.ts";
import { eventingDelivery } from "./eventing.ts";

const batchType = "application/cloudevents-batch+json; charset=utf-8";

/** A receiver that answers as told, and notes the type and body of what it gets. */
async function world(answer: (seen: Seen, response: ServerResponse) => void) {
  const seen: Seen[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const body = (await request.setEncoding("utf8").toArray()).join("");
    seen.push({ type: request.headers["content-type"] ?? "", url: request.url ?? "", body });
    answer(seen.at(-1) as Seen, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const target = createTarget({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  onTestFinished(async () => {
    await target.destroy();
    server.closeAllConnections();
    server.close();
  });
  let time = 0;
  const delivery = eventingDelivery(target, { timeoutMs: 5_000, batches: true, now: () => time });
  return {
    seen,
    send: (...ids: string[]) => deliverAll(delivery, ids.map(event), () => undefined),
    pass: (ms: number) => {
      time += ms;
    },
  };
}

interface Seen {
  readonly type: string;
  readonly url: string;
  readonly body: string;
}

const event = (id: string): DeliverableEvent => ({
  application: "std",
  route: "events",
  path: "/publish?a=1",
  headers: ["Host", "eventing", "content-type", "application/cloudevents+json; charset=utf-8"],
  body: Buffer.from(`{"id": "${id}", "n":12345678901234567890}`),
  context: { id, source: "std", type: "order.created.v1" },
});
const outcome = (result: DeliveryResult) => ("status" in result ? result.status : result.kind);
const isBatch = ({ type }: Seen): boolean => type === batchType;

test("a batch is one request with the bytes of all its events, and its answer is that of each", async () => {
  const { seen, send } = await world((_seen, response) => response.writeHead(204).end());
  expect((await send("1", "2", "3")).map(outcome)).toEqual([204, 204, 204]);
  const body = `[${["1", "2", "3"].map((id) => event(id).body).join(",")}]`;
  expect(seen).toEqual([{ type: batchType, url: "/publish?a=1", body }]);
});

test("207 tells of each; of what it does not tell, nothing is known", async () => {
  const results = [
    { index: 2, status: 503 },
    { index: 0, status: 204 },
    { index: 1, status: "204" },
    { index: 9, status: 204 },
    null,
  ];
  const { send } = await world((_seen, response) => response.writeHead(207).end(JSON.stringify({ results })));
  expect((await send("1", "2", "3", "4")).map(outcome)).toEqual([204, "protocol", 503, "protocol"]);
});

test.each([
  [204, 503],
  [503, 204],
])("an event of which 207 tells both %i and %i is not stored", async (...statuses) => {
  const results = [...statuses.map((status) => ({ index: 0, status })), { index: 1, status: 204 }];
  const { send } = await world((_seen, response) => response.writeHead(207).end(JSON.stringify({ results })));
  expect((await send("1", "2")).map(outcome)).toEqual([503, 204]);
});

test.each(["", "[]", '{"results":7}', "{"])("207 with %j says nothing", async (body) => {
  const { send } = await world((_seen, response) => response.writeHead(207).end(body));
  expect((await send("1", "2")).map(outcome)).toEqual(["protocol", "protocol"]);
});

test.each([403, 429, 500, 503])("%i is the answer to all of them, and none is sent by itself", async (status) => {
  const { seen, send } = await world((_seen, response) => response.writeHead(status).end("why"));
  expect((await send("1", "2")).map(outcome)).toEqual([status, status]);
  expect(seen).toHaveLength(1);
});

test("a connection that breaks is the failure of all of them", async () => {
  const { seen, send } = await world((_seen, response) => response.destroy());
  for (const result of await send("1", "2")) expect(result).not.toHaveProperty("status");
  expect(seen).toHaveLength(1);
});

test.each([
  [415, ""],
  // Eventing's publisher proxy.
  [400, "not supported for batch events\n"],
])(
  "a receiver that answers a batch with %i %j gets events by themselves, and no batch for a minute",
  async (status, text) => {
    const { seen, send, pass } = await world((request, response) =>
      isBatch(request) ? response.writeHead(status).end(text) : response.writeHead(204).end(),
    );
    expect((await send("1", "2")).map(outcome)).toEqual([204, 204]);
    expect((await send("3", "4")).map(outcome)).toEqual([204, 204]);
    const types = () => seen.splice(0).map((each) => (isBatch(each) ? "batch" : each.body));
    const [one, two, three, four] = ["1", "2", "3", "4"].map((id) => event(id).body.toString());
    expect(types()).toEqual(["batch", one, two, three, four]);
    pass(60_000);
    await send("5", "6");
    expect(types()[0]).toBe("batch");
  },
);

test("a batch that is too large as a whole is sent event by event, and the next one as a batch again", async () => {
  let large = true;
  const { seen, send } = await world((request, response) =>
    response.writeHead(large && isBatch(request) ? 413 : 204).end(),
  );
  expect((await send("1", "2")).map(outcome)).toEqual([204, 204]);
  large = false;
  await send("3", "4");
  expect(seen.map(isBatch)).toEqual([true, false, false, true]);
});

test.each([400, 422])("an event for which a batch is refused with %i takes no other one with it", async (status) => {
  let bad = '"id": "2"';
  const { seen, send } = await world(({ body }, response) =>
    response.writeHead(body.includes(bad) ? status : 204).end(),
  );
  expect((await send("1", "2", "3")).map(outcome)).toEqual([204, status, 204]);
  bad = "none";
  await send("4", "5");
  expect(seen.map(isBatch)).toEqual([true, false, false, false, true]);
});

test("one event is no batch", async () => {
  const { seen, send } = await world((_seen, response) => response.writeHead(204).end());
  await send("1");
  expect(seen.map(isBatch)).toEqual([false]);
});
