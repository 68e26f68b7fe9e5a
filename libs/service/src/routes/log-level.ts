import { errorHeaders, goString, legacyContentType, originName } from "@application-connector/problem";
import type { FastifyInstance, FastifyReply } from "fastify";
import { parseLogLevel } from "../log/log-level.ts";
import type { Service } from "../service.ts";

/** Reads and sets the log level as zap's HTTP handler does, which is what upstream serves. */
export function logLevelRoutes(app: FastifyInstance, service: Service, { path = "/v1/loglevel" } = {}): void {
  const json = (reply: FastifyReply, status: number, body: string): FastifyReply =>
    reply.code(status).header("content-type", legacyContentType).send(`${body}\n`);
  const level = (): string => `{"level":${goString(service.logLevel)}}`;

  app.register((scope, _options, done) => {
    // Whatever the content type says, the handler decides; only these routes read bodies this way.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      "*",
      { parseAs: "string", bodyLimit: 4096 },
      async (_request: unknown, body: unknown) => body,
    );
    scope.get(path, (_request, reply) => json(reply, 200, level()));
    scope.put(path, (request, reply) => {
      const wanted = requestedLevel(
        request.headers["content-type"],
        typeof request.body === "string" ? request.body : "",
      );
      if ("mistake" in wanted) {
        const error = `malformed request body: ${wanted.mistake}`;
        reply.headers(errorHeaders({ origin: originName(service.name), message: error, requestId: request.id }));
        return json(reply, 400, `{"error":${goString(error)}}`);
      }
      const before = service.logLevel;
      service.logLevel = wanted.level;
      service.log.info({ before, now: wanted.level }, "log level changed");
      return json(reply, 200, level());
    });
    done();
  });
}

type Requested = { level: NonNullable<ReturnType<typeof parseLogLevel>> } | { mistake: string };

function requestedLevel(contentType: string | undefined, body: string): Requested {
  const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType ?? "");
  const named = isForm ? { text: new URLSearchParams(body).get("level") ?? "" } : levelInJson(body);
  if ("mistake" in named) return named;
  if (named.text === "") return { mistake: "must specify logging level" };
  const level = parseLogLevel(named.text);
  return level === undefined ? { mistake: `unrecognized level: ${JSON.stringify(named.text)}` } : { level };
}

function levelInJson(body: string): { text: string } | { mistake: string } {
  if (body.trim() === "") return { mistake: "EOF" };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { mistake: "invalid JSON" };
  }
  const level = typeof value === "object" && value !== null && "level" in value ? value.level : "";
  if (typeof level !== "string" && level !== null) return { mistake: "level must be a string" };
  return { text: level ?? "" };
}
