import type { FastifyInstance } from "fastify";
import type { EventFilter, EventStore, StoredEvent } from "./event-store.ts";
import { eventStream } from "./event-stream.ts";
import { parseFault } from "./fault-request.ts";
import type { Faults } from "./faults.ts";
import { contentSecurityPolicy, renderPage } from "./page.ts";
import { describeRequest, readBody } from "./received-request.ts";

type Query = { Querystring: { type?: string; source?: string; limit?: string } };

/** What people and tests look at: health, the stored events as JSON, page and stream, and the faults. */
export function adminRoutes(app: FastifyInstance, { store, faults }: { store: EventStore; faults: Faults }): void {
  app.all("/healthz", (_request, reply) => reply.send());
  app.all("/readyz", (_request, reply) => {
    const away = faults.list().some(({ status = 200, times }) => status >= 500 && times === undefined);
    return reply.code(away ? 500 : 200).send();
  });

  app.get<Query>("/events", async ({ query }) => ({
    stored: store.stored,
    dropped: store.dropped,
    countsByType: store.countsByType(),
    events: newest(store, filterOf(query), query.limit).map(describe),
  }));
  app.get<Query>("/", async ({ query }, reply) =>
    reply
      .type("text/html; charset=utf-8")
      .header("content-security-policy", contentSecurityPolicy)
      .send(
        renderPage({
          filter: filterOf(query),
          stored: store.stored,
          events: newest(store, filterOf(query), query.limit),
        }),
      ),
  );
  app.get<Query>("/events/stream", ({ query }, reply) => {
    reply.hijack();
    eventStream(reply.raw, store, filterOf(query));
  });

  app.get("/faults", async () => ({ faults: faults.list() }));
  app.put("/faults", async (request, reply) => {
    const body = await readBody(request.raw, describeRequest(request.raw), 65_536);
    const parsed = parseFault(body?.toString("utf8") ?? "");
    if (typeof parsed === "string") return reply.code(400).send({ error: parsed });
    faults.heal();
    faults.fail(parsed.fault, parsed.times);
    return { faults: faults.list() };
  });
  app.delete("/faults", async () => {
    faults.heal();
    return { faults: [] };
  });
}

function filterOf({ type, source }: { type?: string; source?: string }): EventFilter {
  // An empty field of the page's form means "any".
  return { ...(type ? { type } : {}), ...(source ? { source } : {}) };
}

function newest(store: EventStore, filter: EventFilter, limit = "100"): StoredEvent[] {
  const count = Math.min(Math.max(Number.parseInt(limit, 10) || 100, 1), 1000);
  return store.list(filter).slice(-count).reverse();
}

function describe({ sequence, receivedAt, mode, application, subject, originalType, event }: StoredEvent): object {
  return {
    sequence,
    receivedAt,
    mode,
    ...(application === undefined ? {} : { application }),
    subject,
    originalType,
    event: { ...event },
  };
}
