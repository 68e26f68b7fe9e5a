import type { FastifyInstance } from "fastify";
import type { FaultRule } from "../faults/faults.ts";
import type { Snapshot } from "../model/model.ts";
import type { Settings, Urls } from "../world.ts";
import type { Controls } from "./controls.ts";
import type { Seed } from "./seed.ts";

/** Everything that {@link Controls} can do, over HTTP with JSON: for tests in other processes and for curious people. */
export function adminRoutes(app: FastifyInstance, controls: Controls): void {
  const post = <T>(path: string, act: (body: T) => unknown): void => {
    app.post(path, async ({ body }) => (await act(json(body) as T)) ?? {});
  };
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/faults", async () => controls.faults.list());
  app.delete("/faults", async () => {
    controls.faults.clear();
    return {};
  });
  app.get<{ Querystring: { since?: string } }>("/journal", async ({ query }) => ({
    total: controls.journal.total,
    entries: controls.journal.entries.slice(Number(query.since ?? 0) || 0),
  }));
  app.delete("/journal", async () => {
    controls.journal.clear();
    return {};
  });
  app.get("/state", async () => controls.snapshot());
  app.get("/ca", async (_request, reply) => reply.type("application/x-pem-file").send(controls.serverCa));

  post<Seed>("/seed", (seed) => {
    const { tenants, formations, runtimes, applications } = controls.seed(seed);
    return { tenants, formations, runtimes, applications: applications.map(({ id, name }) => ({ id, name })) };
  });
  post<FaultRule | FaultRule[]>("/faults", (rules) => controls.faults.add(...[rules].flat()));
  post<{ afterPage: number; operation?: string; query: string; variables?: Record<string, unknown> }>(
    "/mutateBetweenPages",
    ({ afterPage, operation, query, variables }) =>
      controls.betweenPages(afterPage, () => controls.administrator(query, variables), operation),
  );
  post<{ advanceMs?: number; freezeAt?: number | null }>("/clock", ({ advanceMs, freezeAt }) => {
    if (advanceMs !== undefined) controls.clock.advance(advanceMs);
    if (freezeAt !== undefined) controls.clock.freeze(freezeAt ?? undefined);
    return { now: controls.clock.now() };
  });
  post<{ fingerprint: string }>("/revoke", ({ fingerprint }) => controls.revoke(fingerprint));
  post<{ forgetEarlier?: boolean }>("/ca/rotate", ({ forgetEarlier }) => {
    controls.rotateAuthority();
    if (forgetEarlier) controls.forgetEarlierAuthorities();
    return { ca: controls.authority.certificate };
  });
  post<Partial<Urls>>("/urls", (urls) => Object.assign(controls.urls, urls));
  post<Partial<Settings>>("/settings", (settings) => Object.assign(controls.settings, settings));
  post<Snapshot>("/restore", (snapshot) => controls.restore(snapshot));
  post<{ query: string; variables?: Record<string, unknown> }>("/graphql", ({ query, variables }) =>
    controls.administrator(query, variables),
  );
}

function json(body: unknown): unknown {
  const text = String(body ?? "");
  return text === "" ? {} : JSON.parse(text);
}
