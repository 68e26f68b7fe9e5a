import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { legacyContentType, legacyJson } from "@application-connector/problem";
import { whatNodeOverlooks } from "../api.ts";
import type { LogLevel } from "../log/log-level.ts";
import { answerMalformed, noteExchange } from "../malformed.ts";
import { type Family, familiesText, joinFamilies } from "../metrics/families.ts";
import { Counted } from "./counted.ts";
import type { ApiAnswer, ApiRequest } from "./messages.ts";
import type { WorkerProcess } from "./worker-process.ts";

const maxBodyBytes = 1024 * 1024;
/** Of one process and of no other's, or of the connection that they came on. */
const own = new Set(["connection", "keep-alive", "transfer-encoding", "content-length", "date"]);

export interface CommonApiOptions {
  /** Those that can be asked. */
  readonly workers: () => readonly WorkerProcess[];
  /** How many there should be. */
  readonly wanted: number;
  readonly readyPaths: readonly string[];
  /** Of this process itself. */
  readonly families: () => Family[];
  /** Told of the workers' level after every change of whatever. */
  readonly onLogLevel: (level: LogLevel) => void;
}

export interface CommonApi {
  readonly port: number;
  readonly server: Server;
  readonly counted: Counted;
}

/**
 * One port for an API that all workers have: each of them is asked, and the worst answer is the answer, so that "ready"
 * means all of them. What is changed is changed in all. Metrics are joined.
 */
export async function openCommonApi(
  api: number,
  port: number,
  host: string | undefined,
  options: CommonApiOptions,
): Promise<CommonApi> {
  const counted = new Counted();
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 30_000 }, (request, response) => {
    noteExchange(request, response);
    serve(api, request, response, { ...options, counted }).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 72_000;
  server.on("clientError", answerMalformed);
  server.listen({ port, ...(host === undefined ? {} : { host }) });
  await once(server, "listening");
  server.on("error", () => undefined);
  return { port: (server.address() as AddressInfo).port, server, counted };
}

async function serve(
  api: number,
  request: IncomingMessage,
  response: ServerResponse,
  { workers, wanted, readyPaths, families, onLogLevel, counted }: CommonApiOptions & { counted: Counted },
): Promise<void> {
  // As every API: Node drops what a client sent right behind a request for an upgrade that nobody grants.
  if (request.headers.upgrade !== undefined) response.setHeader("connection", "close");
  if (whatNodeOverlooks(request) !== undefined) {
    response.writeHead(400, { connection: "close" }).end();
    return;
  }
  const body = await bodyOf(request);
  if (body === undefined) {
    response.writeHead(413, { connection: "close" }).end();
    return;
  }
  const { method = "GET", url = "/" } = request;
  const asked: ApiRequest = { method, url, headers: headersOf(request), body };
  const all = await Promise.all(
    workers().map(async (worker) => [worker, await worker.ask(api, asked)] as const satisfies Part),
  );
  const answers = all.flatMap(([, answer]) => (answer === undefined ? [] : [answer]));
  const level = answers.find(({ logLevel }) => logLevel !== undefined)?.logLevel;
  if (level !== undefined) onLogLevel(level);
  const [path = ""] = url.split("?", 1);
  const missing = wanted - answers.length;
  const isAbsent = answers.length === 0 || (missing > 0 && readyPaths.includes(path));
  write(response, isAbsent ? absent(answers.length, wanted) : joined(all, worstOf(answers), counted, families()));
}

type Part = readonly [WorkerProcess, ApiAnswer | undefined];

function absent(present: number, wanted: number): ApiAnswer {
  const body = Buffer.from(legacyJson(503, `workers: ${present} of ${wanted} answer`));
  return { status: 503, headers: { "content-type": legacyContentType, "retry-after": "1" }, body };
}

const worstOf = (answers: readonly ApiAnswer[]): ApiAnswer =>
  answers.reduce((worst, answer) => (answer.status > worst.status ? answer : worst));

function joined(all: readonly Part[], worst: ApiAnswer, counted: Counted, families: Family[]): ApiAnswer {
  if (worst.families === undefined) return worst;
  const ofWorkers = counted.join(all.map(([worker, answer]) => [worker, answer?.families]));
  return { ...worst, body: Buffer.from(familiesText(joinFamilies([ofWorkers, families]))) };
}

function write(response: ServerResponse, { status, headers, body }: ApiAnswer): void {
  for (const [name, value] of Object.entries(headers))
    if (!own.has(name.toLowerCase())) response.setHeader(name, value);
  response.statusCode = status;
  response.end(Buffer.from(body));
}

function headersOf(request: IncomingMessage): ApiRequest["headers"] {
  const headers: ApiRequest["headers"] = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !own.has(name)) headers[name] = value;
  }
  return headers;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
