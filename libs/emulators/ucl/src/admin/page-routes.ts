import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { World } from "../world.ts";
import type { Administrator } from "./administrator.ts";
import { addSystem, describeSystem, removeSystem } from "./formation-editor.ts";
import { shownFormations } from "./formation-view.ts";
import { contentSecurityPolicy, renderPage } from "./page.ts";

/** The page for people, and what its forms send. */
export function pageRoutes(app: FastifyInstance, world: World, administrator: Administrator): void {
  const show = (reply: FastifyReply, status: number, mistake?: string): FastifyReply =>
    reply
      .code(status)
      .type("text/html; charset=utf-8")
      .header("content-security-policy", contentSecurityPolicy)
      .send(renderPage(shownFormations(world), mistake));

  app.get("/", (_request, reply) => show(reply, 200));

  const form = (path: string, act: (field: (name: string) => string) => Promise<unknown>): void => {
    app.post(`/ui/${path}`, async (request: FastifyRequest, reply) => {
      const fields = new URLSearchParams(String(request.body ?? ""));
      try {
        await act((name) => fields.get(name) ?? "");
      } catch (error) {
        return show(reply, 400, error instanceof Error ? error.message : String(error));
      }
      return reply.code(303).header("location", "../").send();
    });
  };
  form("add", (field) =>
    addSystem(administrator, {
      formation: field("formation"),
      name: field("name"),
      api: field("api"),
      targetURL: field("targetURL"),
      credential: field("credential"),
      user: field("user"),
      secret: field("secret"),
      tokenUrl: field("tokenUrl"),
    }),
  );
  form("remove", (field) => removeSystem(administrator, field("id"), field("formation")));
  form("describe", (field) => describeSystem(administrator, field("id"), field("description")));
}
