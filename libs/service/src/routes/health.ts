import { errorHeaders, legacyContentType, legacyJson, originName } from "@application-connector/problem";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ReadinessReport } from "../readiness.ts";
import type { Service } from "../service.ts";

export interface HealthPaths {
  live?: readonly string[];
  ready?: readonly string[];
}

/** `/healthz`: the process answers. `/readyz`: it may be sent requests; `?verbose` lists every check. */
export function healthRoutes(app: FastifyInstance, service: Service, paths: HealthPaths = {}): void {
  const method = ["GET", "HEAD"];
  for (const url of paths.live ?? ["/healthz"]) {
    app.route({ method, url, handler: (_request, reply) => plain(reply, 200, "ok\n") });
  }
  for (const url of paths.ready ?? ["/readyz"]) {
    app.route({ method, url, handler: (request, reply) => ready(service, request, reply) });
  }
}

function ready(service: Service, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const report = service.readinessReport();
  const why = report.checks.flatMap(({ name, problem }) => (problem === undefined ? [] : [`${name}: ${problem}`]));
  const status = report.ready ? 200 : 503;
  if (!report.ready) {
    const occasion = { origin: originName(service.name), message: why.join("; "), requestId: request.id };
    reply.headers({ ...errorHeaders(occasion), "retry-after": "1" });
  }
  if (typeof request.query === "object" && request.query !== null && "verbose" in request.query) {
    return plain(reply, status, verbose(report));
  }
  if (report.ready) return plain(reply, 200, "ok\n");
  return reply
    .code(503)
    .header("content-type", legacyContentType)
    .send(legacyJson(503, why.join("; ")));
}

/** The shape in which Kubernetes' own components list their checks. */
function verbose({ ready, checks }: ReadinessReport): string {
  const lines = checks.map(({ name, problem }) =>
    problem === undefined ? `[+]${name} ok` : `[-]${name} failed: ${problem}`,
  );
  return [...lines, `readyz check ${ready ? "passed" : "failed"}`, ""].join("\n");
}

function plain(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).header("content-type", "text/plain; charset=utf-8").send(text);
}
