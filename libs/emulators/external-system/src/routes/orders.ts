import type { FastifyInstance } from "fastify";
import { digestBody } from "../body.ts";
import { type Exchange, sendJson, serve } from "../exchange.ts";

export interface Order {
  id: string;
  customer: string;
  status: "created" | "paid" | "shipped";
  total: { amount: string; currency: string };
  items: { product: string; quantity: number }[];
}

export interface Orders {
  list(): Order[];
  find(id: string): Order | undefined;
  add(order: Order): void;
  nextId(): string;
  reset(): void;
}

const limit = 1000;

/** The shop's orders in memory; the oldest go when there are too many. */
export function createOrders(): Orders {
  let orders = new Map<string, Order>();
  let last = 0;
  const reset = (): void => {
    orders = new Map(seed.map((order) => [order.id, order]));
    last = 1000 + seed.length;
  };
  reset();
  return {
    list: () => [...orders.values()],
    find: (id) => orders.get(id),
    add(order) {
      orders.set(order.id, order);
      const oldest = orders.keys().next().value;
      if (orders.size > limit && oldest !== undefined) orders.delete(oldest);
    },
    nextId() {
      last += 1;
      return String(last);
    },
    reset,
  };
}

/** A small shop API as a commerce system would have it, and the same orders the OData way. */
export function orderRoutes(app: FastifyInstance, orders: Orders): void {
  serve(app, "/api/v1/orders", async (exchange) => {
    const { received, response } = exchange;
    if (received.method === "POST") return create(exchange, orders);
    if (received.method !== "GET")
      return sendJson(response, 405, { error: "method not allowed" }, ["allow", "GET, POST"]);
    sendJson(response, 200, { orders: orders.list() });
  });

  serve(app, "/api/v1/orders/*", ({ request, response }) => {
    const id = decoded(/^\/api\/v1\/orders\/([^/?]*)/.exec(request.url ?? "")?.[1]);
    const order = orders.find(id);
    if (order === undefined) return sendJson(response, 404, { error: `there is no order ${id}` });
    sendJson(response, 200, order);
  });

  // OData puts keys in quotes and parentheses: Orders('1001'). A proxy that re-encodes these breaks such systems.
  serve(app, "/odata/*", ({ request, response }) => {
    const path = request.url ?? "";
    const key = /^\/odata\/v4\/shop\/Orders\('([^/?]*)'\)(?:\?.*)?$/.exec(path)?.[1];
    const context = "$metadata#Orders";
    if (key !== undefined) {
      const order = orders.find(decoded(key));
      if (order === undefined) return sendJson(response, 404, { error: { code: "404", message: "no such order" } });
      return sendJson(response, 200, { "@odata.context": `${context}/$entity`, ...order });
    }
    if (!/^\/odata\/v4\/shop\/Orders(\?.*)?$/.test(path)) {
      return sendJson(response, 404, { error: { code: "404", message: "no such resource" } });
    }
    sendJson(response, 200, { "@odata.context": context, value: orders.list() });
  });
}

async function create(exchange: Exchange, orders: Orders): Promise<void> {
  const { response } = exchange;
  const { start, bytes } = await digestBody(exchange);
  const wish = bytes > start.length ? undefined : parseOrder(start.toString("utf8"));
  if (wish === undefined) {
    return sendJson(response, 400, { error: "an order is JSON with customer and items [{product, quantity}]" });
  }
  const order: Order = { id: orders.nextId(), status: "created", total: totalOf(wish.items), ...wish };
  orders.add(order);
  sendJson(response, 201, order, ["location", `/api/v1/orders/${order.id}`]);
}

function parseOrder(text: string): Pick<Order, "customer" | "items"> | undefined {
  try {
    const { customer, items } = JSON.parse(text) as { customer?: unknown; items?: unknown };
    if (typeof customer !== "string" || !Array.isArray(items)) return undefined;
    const parsed = items.map((item: { product?: unknown; quantity?: unknown } | null) => ({
      product: String(item?.product ?? ""),
      quantity: Number(item?.quantity ?? Number.NaN),
    }));
    const valid = parsed.every(({ product, quantity }) => product !== "" && Number.isInteger(quantity) && quantity > 0);
    return valid ? { customer, items: parsed } : undefined;
  } catch {
    return undefined;
  }
}

/** Everything in this shop costs 9.90. */
function totalOf(items: Order["items"]): Order["total"] {
  const pieces = items.reduce((sum, { quantity }) => sum + quantity, 0);
  return { amount: ((pieces * 990) / 100).toFixed(2), currency: "EUR" };
}

function decoded(text = ""): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const seed: readonly Order[] = [
  {
    id: "1001",
    customer: "Ada Lovelace",
    status: "shipped",
    total: { amount: "19.80", currency: "EUR" },
    items: [{ product: "punched cards", quantity: 2 }],
  },
  {
    id: "1002",
    customer: "Grace O'Malley",
    status: "paid",
    total: { amount: "9.90", currency: "EUR" },
    items: [{ product: "rope", quantity: 1 }],
  },
];
