import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createTarget } from "@application-connector/forward";
import { expect, onTestFinished, test } from "vitest";
import type { DeliverableEvent } from "./delivery.ts";
import { eventingDelivery } from "./eventing.ts";

async function world(answer: RequestListener, timeoutMs = 5_000) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const target = createTarget({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  onTestFinished(async () => {
    await target.destroy();
    server.closeAllConnections();
    server.close();
  });
  return eventingDelivery(target, { timeoutMs, batches: false });
}

const event: DeliverableEvent = {
  application: "std",
  route: "events",
  path: "/publish?a=1",
  headers: ["Host", "eventing", "Content-Type", "application/cloudevents+json"],
  body: Buffer.from('{"specversion":"1.0","id":"1","source":"std","type":"order.created.v1"}'),
  context: undefined,
};

test("an event goes to Eventing as it is, and what Eventing answers is the answer", async () => {
  const delivery = await world(async (request, response) => {
    const body = (await request.setEncoding("utf8").toArray()).join("");
    const { "content-type": type, host } = request.headers;
    response.writeHead(400, { "X-Own": "1" }).end(JSON.stringify([request.method, request.url, host, type, body]));
  });
  const result = await delivery.deliver(event);
  if (!("status" in result)) throw new Error(result.kind);
  expect([result.status, result.headers.slice(0, 2)]).toEqual([400, ["X-Own", "1"]]);
  expect(JSON.parse(result.body.toString())).toEqual([
    "POST",
    "/publish?a=1",
    "eventing",
    "application/cloudevents+json",
    event.body.toString(),
  ]);
});

test("an Eventing that does not answer is a failure", async () => {
  const delivery = await world(() => undefined, 300);
  expect(await delivery.deliver(event)).toMatchObject({ kind: "timeout" });
});
