import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { metricsText } from "../metrics/metrics-text.ts";
import type { Service } from "../service.ts";

/** The service's metrics in Prometheus' text format. */
export function metricsRoute(app: FastifyInstance, service: Service, { path = "/metrics" } = {}): void {
  app.get(path, (_request, reply) => {
    reply.header("content-type", service.metrics.contentType);
    return reply.send(Readable.from(metricsText(service.metrics), { objectMode: false }));
  });
}
