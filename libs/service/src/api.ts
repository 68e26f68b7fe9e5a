import type { IncomingMessage } from "node:http";
import type { Server } from "node:https";
import {
  errorHeaders,
  legacyContentType,
  legacyJson,
  originName,
  Problem,
  type ProblemCode,
  problemContentType,
  problemDetails,
  requestIdOf,
} from "@application-connector/problem";
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from "fastify";
import { knownPaths } from "./known-paths.ts";
import { answerMalformed, noteExchange } from "./malformed.ts";
import type { Service } from "./service.ts";

export interface ApiOptions {
  /** The shape of errors: upstream's `{"code","error"}`, or RFC 9457. Default `legacy`. */
  errors?: "legacy" | "rfc9457";
  /** Answers what no route matches, in place of our 404. */
  notFound?: (request: FastifyRequest, reply: FastifyReply) => unknown;
  bodyLimit?: number;
  /** How long a request may take to arrive. Default 30 s. */
  requestTimeoutMs?: number;
  /** Only over TLS. */
  tls?: ApiTls;
  /** How long an idle connection stays open. Default 72 s, longer than the usual proxies keep theirs. */
  keepAliveTimeoutMs?: number;
}

/** Where the certificate comes from. Asked at the start, and when minutes have passed: files may have been rotated. */
export interface ApiTls {
  read(): { cert: string; key: string };
}

/** A Fastify that logs to the service, answers errors in our shape and lets go of its clients when draining. */
export function createApi(service: Service, options: ApiOptions = {}): FastifyInstance {
  const answer = options.errors === "rfc9457" ? problemJson : legacyErrors;
  const fail = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { status, problem } = seenFromOutside(error);
    if (status >= 500) request.log.error({ err: error }, "request failed");
    const { message } = problem;
    const headers = errorHeaders({ origin: originName(service.name), message, requestId: request.id });
    return answer(reply.headers(headers), status, problem, request.url);
  };
  const requestTimeoutMs = options.requestTimeoutMs ?? 30_000;
  // Node looks for late requests every 30 s by default, which would make any shorter limit a rough guess.
  const timing = { connectionsCheckingInterval: 1000, headersTimeout: requestTimeoutMs };
  const app: FastifyInstance = fastify({
    loggerInstance: service.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "requestId" }),
    genReqId: (request) => requestIdOf(request.headers["x-request-id"]),
    exposeHeadRoutes: false,
    forceCloseConnections: "idle",
    return503OnClosing: false,
    [options.tls ? "https" : "http"]: { ...options.tls?.read(), ...timing },
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: options.keepAliveTimeoutMs ?? 72_000,
    bodyLimit: options.bodyLimit ?? 1024 * 1024,
    routerOptions: { maxParamLength: 1024 },
    frameworkErrors: (error, request, reply) => void fail(error, request as FastifyRequest, reply as FastifyReply),
    clientErrorHandler: answerMalformed,
  });
  app.server.on("request", noteExchange);
  if (options.tls) followCertificate(service, app, options.tls);
  const paths = knownPaths(app);
  app.setErrorHandler((error, request, reply) => fail(error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    const methods = paths.methodsOf(request.url);
    if (methods !== undefined) {
      return fail(new Problem("METHOD_NOT_ALLOWED", "Method not allowed."), request, reply.header("allow", methods));
    }
    if (options.notFound !== undefined) return options.notFound(request, reply);
    return fail(new Problem("RESOURCE_NOT_FOUND", "Requested resource could not be found."), request, reply);
  });
  app.addHook("onRequest", async ({ raw }, reply) => {
    // Node drops what a client sent right behind a request for an upgrade that nobody grants.
    if (raw.headers.upgrade !== undefined) reply.header("connection", "close");
    const mistake = whatNodeOverlooks(raw);
    if (mistake === undefined) return;
    reply.header("connection", "close");
    throw new Problem("REQUEST_INVALID", mistake);
  });
  app.addHook("onSend", async (_request, reply) => {
    if (service.draining) reply.header("connection", "close");
  });
  return app;
}

const rotationMs = 60_000;

/** Connections from now on see what was rotated; a pair that does not fit stays out until it does. */
function followCertificate(service: Service, app: FastifyInstance, tls: ApiTls): void {
  let shown = JSON.stringify(tls.read());
  const look = (): void => {
    try {
      const pair = tls.read();
      const text = JSON.stringify(pair);
      if (text === shown) return;
      (app.server as unknown as Server).setSecureContext(pair);
      shown = text;
    } catch (error) {
      service.log.warn({ err: error }, "the certificate was not read again");
    }
  };
  const timer = setInterval(look, rotationMs);
  app.addHook("onClose", async () => clearInterval(timer));
}

/** Node takes versions with another framing, and the first of two Hosts where a proxy may have taken the second. */
export function whatNodeOverlooks(request: IncomingMessage): string | undefined {
  if (request.httpVersionMajor !== 1) return `HTTP/${request.httpVersion} is not spoken here`;
  // A request that comes from the first of several processes has none, and was looked at there.
  const distinct = request.headersDistinct as IncomingMessage["headersDistinct"] | undefined;
  return (distinct?.["host"]?.length ?? 0) > 1 ? "more than one Host header" : undefined;
}

const codesOfStatus: Record<number, ProblemCode> = {
  408: "REQUEST_TIMEOUT",
  413: "PAYLOAD_TOO_LARGE",
  415: "UNSUPPORTED_MEDIA_TYPE",
};

/** What the caller may know: our own problems and his own mistakes, but not the inside of a failure. */
function seenFromOutside(error: unknown): { status: number; problem: Problem } {
  if (error instanceof Problem) return { status: error.status, problem: error };
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  if (error instanceof Error && status >= 400 && status < 500) {
    return { status, problem: new Problem(codesOfStatus[status] ?? "REQUEST_INVALID", error.message) };
  }
  return { status: 500, problem: new Problem("INTERNAL", "Internal error.", { cause: error }) };
}

function legacyErrors(reply: FastifyReply, status: number, problem: Problem): FastifyReply {
  return reply.code(status).header("content-type", legacyContentType).send(legacyJson(status, problem.message));
}

function problemJson(reply: FastifyReply, status: number, problem: Problem, instance: string): FastifyReply {
  const body = JSON.stringify({ ...problemDetails(problem, instance), status });
  return reply.code(status).header("content-type", problemContentType).send(body);
}
