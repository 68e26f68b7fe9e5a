import type { FastifyInstance } from "fastify";
import type { Service } from "../service.ts";

/** The service's metrics in Prometheus' text format. */
export function metricsRoute(app: FastifyInstance, service: Service, { path = "/metrics" } = {}): void {
  app.get(path, async (_request, reply) => {
    reply.header("content-type", service.metrics.contentType);
    return await service.metrics.metrics();
  });
}
