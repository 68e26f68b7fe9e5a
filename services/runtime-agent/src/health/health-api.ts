import { METHODS } from "node:http";
import { healthRoutes, type Service } from "@application-connector/service";
import type { Plan } from "../sync/synchroniser.ts";

/** Health, which upstream answers to every method; readiness; and in a dry run what would be done. */
export function healthApi(service: Service, planOf?: () => Plan | undefined): ReturnType<Service["api"]> {
  const app = service.api();
  const others = METHODS.filter((method) => !["CONNECT", "GET", "HEAD"].includes(method));
  for (const method of others) {
    if (!app.supportedMethods.includes(method)) app.addHttpMethod(method, { hasBody: true });
  }
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => {
    payload.resume();
    done(null);
  });
  app.route({ method: others, url: "/healthz", handler: (_request, reply) => reply.type("text/plain").send("ok\n") });
  healthRoutes(app, service);
  if (planOf !== undefined) {
    app.get("/plan", (_request, reply) => {
      const plan = planOf();
      return plan === undefined
        ? reply.code(404).send({ code: 404, error: "there was no dry run yet" })
        : reply.send(plan);
    });
  }
  return app;
}
