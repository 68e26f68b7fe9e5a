import cluster from "node:cluster";
import type { FastifyInstance, InjectOptions } from "fastify";
import { listenError } from "../listen-error.ts";
import { type LogLevel, parseLogLevel } from "../log/log-level.ts";
import { familiesOf } from "../metrics/families.ts";
import type { Service } from "../service.ts";
import type { ApiAnswer, ApiRequest, FromWorker, ToWorker } from "./messages.ts";

/** Tells a worker which one it is. One that takes the place of another has its number. */
export const slotVariable = "SERVICE_WORKER";

/** Whether this process is one of several that a program consists of. */
export const isWorker = (): boolean => cluster.isWorker && process.env[slotVariable] !== undefined;

/** From 1 on; 1 for a program of one process. What may be done once only is done by number 1. */
export const workerNumber = (): number => (isWorker() ? Number(process.env[slotVariable]) : 1);

/** Tells a worker the level that was set while the program ran: it begins as the others are. */
export const logLevelVariable = "SERVICE_WORKER_LOG_LEVEL";

export const givenLogLevel = (): LogLevel | undefined =>
  isWorker() ? parseLogLevel(process.env[logLevelVariable] ?? "") : undefined;

const metricsPath = "/metrics";
const apis: { app: FastifyInstance; service: Service }[] = [];

export function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message, undefined, {}, () => undefined);
}

/** Runs for every message of the first process. */
export function onMessage(listener: (message: ToWorker) => void): () => void {
  process.on("message", listener);
  return () => process.off("message", listener);
}

/** Shows the first process that this one does something, be it that it waits. */
export function answerPings(): void {
  onMessage(({ kind }) => void (kind === "ping" && tell({ kind: "pong" })));
}

/** Takes over the level that was set elsewhere meanwhile. */
export function followLogLevel(service: Service): void {
  onMessage((message) => {
    if (message.kind === "log-level") service.logLevel = message.level;
  });
}

/**
 * Makes an API a part of the one that all workers have together: the first process opens its port, and asks here. The port
 * that was really opened.
 */
export async function listenTogether(
  service: Service,
  app: FastifyInstance,
  port: number,
  host: string | undefined,
): Promise<number> {
  await app.ready();
  const api = apis.push({ app, service }) - 1;
  if (api === 0) onMessage((message) => void (message.kind === "request" && answer(message)));
  const opened = await new Promise<number>((resolve, reject) => {
    const stop = onMessage((message) => {
      if ((message.kind !== "opened" && message.kind !== "refused") || message.api !== api) return;
      stop();
      if (message.kind === "opened") resolve(message.port);
      else reject(listenError(Object.assign(new Error(message.message), { code: message.code }), port));
    });
    tell({ kind: "api", api, port, host });
  });
  await service.use({ stop: () => app.close() }, `part of the API on port ${opened}`);
  return opened;
}

async function answer({ id, api, request }: ToWorker & { kind: "request" }): Promise<void> {
  const part = apis[api];
  if (part === undefined) return;
  const failed: ApiAnswer = { status: 500, headers: {}, body: new Uint8Array() };
  tell({ kind: "answer", id, answer: await answerOf(part.app, part.service, request).catch(() => failed) });
}

async function answerOf(app: FastifyInstance, service: Service, request: ApiRequest): Promise<ApiAnswer> {
  const { method, url, headers, body } = request;
  const [path] = url.split("?", 1);
  if (method === "GET" && path === metricsPath && app.hasRoute({ method, url: metricsPath })) {
    const type = { "content-type": service.metrics.contentType };
    return { status: 200, headers: type, body, families: await familiesOf(service.metrics) };
  }
  // Its type knows the usual methods only.
  const asked = { method, url, headers, payload: Buffer.from(body) } as InjectOptions;
  const response = await app.inject(asked);
  const given: ApiAnswer["headers"] = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) given[name] = Array.isArray(value) ? value : String(value);
  }
  const level = method === "GET" ? {} : { logLevel: service.logLevel };
  return { status: response.statusCode, headers: given, body: response.rawPayload, ...level };
}
