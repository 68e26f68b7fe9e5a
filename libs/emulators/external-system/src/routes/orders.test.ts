import { expect, onTestFinished, test } from "vitest";
import { call, callJson } from "../testing/call.ts";
import { startUntil } from "../testing/start.ts";
import type { Order } from "./orders.ts";

const start = startUntil(onTestFinished);

test("orders are listed, created and found again", async () => {
  const { url } = await start();
  const body = JSON.stringify({ customer: "Mary", items: [{ product: "loom", quantity: 3 }] });
  const created = await call(`${url}/api/v1/orders`, { method: "POST", body });
  expect(created.status).toBe(201);
  const order = JSON.parse(created.body.toString()) as Order;
  expect(order).toMatchObject({ customer: "Mary", status: "created", total: { amount: "29.70", currency: "EUR" } });
  expect(await callJson(`${url}${created.headers.location}`)).toEqual(order);
  expect((await callJson<{ orders: Order[] }>(`${url}/api/v1/orders`)).orders).toContainEqual(order);
});

test.each([
  "",
  "null",
  "{}",
  '{"customer":"x","items":[null]}',
  '{"customer":"x","items":[{"product":"y","quantity":-1}]}',
])("an order that is none is refused: %s", async (body) => {
  const { url } = await start();
  expect((await call(`${url}/api/v1/orders`, { method: "POST", body })).status).toBe(400);
});

test("unknown orders are not found, other methods not allowed", async () => {
  const { url } = await start();
  expect((await call(`${url}/api/v1/orders/nope`)).status).toBe(404);
  expect((await call(`${url}/api/v1/orders`, { method: "DELETE" })).status).toBe(405);
});

test.each([
  "/odata/v4/shop/Orders('1001')",
  "/odata/v4/shop/Orders('1001')?$expand=items",
  "/odata/v4/shop/Orders('100%31')",
])("OData finds an entity by its quoted key: %s", async (path) => {
  const { url } = await start();
  expect(await callJson(url + path)).toMatchObject({ id: "1001", "@odata.context": "$metadata#Orders/$entity" });
});

test("OData does not know a key whose quotes were encoded away", async () => {
  const { url } = await start();
  expect((await call(`${url}/odata/v4/shop/Orders%28%271001%27%29`)).status).toBe(404);
});
