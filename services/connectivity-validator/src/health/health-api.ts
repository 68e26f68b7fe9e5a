import { METHODS } from "node:http";
import { healthRoutes, metricsRoute, type Service } from "@application-connector/service";

/** The health port: upstream's `/v1/health`, which always says yes, and our readiness and metrics. */
export function healthApi(service: Service, { metrics }: { metrics: boolean }) {
  const app = service.api({
    notFound: (_request, reply) =>
      reply
        .code(404)
        .header("content-type", "text/plain; charset=utf-8")
        .header("x-content-type-options", "nosniff")
        .send("404 page not found\n"),
  });
  // Upstream looks neither at the method nor at the body.
  for (const method of METHODS) {
    if (method !== "CONNECT" && !app.supportedMethods.includes(method)) app.addHttpMethod(method, { hasBody: true });
  }
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => {
    payload.resume();
    done(null);
  });
  app.all("/v1/health", (_request, reply) => reply.code(200).send());
  healthRoutes(app, service);
  if (metrics) metricsRoute(app, service);
  return app;
}
