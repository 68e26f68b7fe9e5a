import { healthRoutes, logLevelRoutes, metricsRoute, type Service } from "@application-connector/service";
import { apisRoute } from "../diagnosis/apis-route.ts";
import type { Diagnosis } from "../diagnosis/diagnosis.ts";

/** Port 8081: upstream's health and log level, our readiness, metrics and diagnosis. */
export function healthPort(service: Service, diagnosis: Diagnosis | undefined) {
  const app = service.api();
  // Upstream answers with nothing but the status, and to GET alone.
  app.get("/v1/health", (_request, reply) => reply.code(200).send());
  healthRoutes(app, service, { ready: ["/readyz", "/v1/ready"] });
  logLevelRoutes(app, service, { path: "/v1/loglevel" });
  metricsRoute(app, service);
  if (diagnosis !== undefined) apisRoute(app, diagnosis);
  return app;
}
