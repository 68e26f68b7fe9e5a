import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { legacyContentType, legacyJson } from "@application-connector/problem";
import { answerMalformed, whatNodeOverlooks } from "../api.ts";
import { type Family, familiesText, joinFamilies } from "../metrics/families.ts";
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
): Promise<{ port: number; server: Server }> {
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 30_000 }, (request, response) => {
    serve(api, request, response, options).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 72_000;
  server.on("clientError", answerMalformed);
  server.listen({ port, ...(host === undefined ? {} : { host }) });
  await once(server, "listening");
  server.on("error", () => undefined);
  return { port: (server.address() as AddressInfo).port, server };
}

async function serve(
  api: number,
  request: IncomingMessage,
  response: ServerResponse,
  { workers, wanted, readyPaths, families }: CommonApiOptions,
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
  const running = workers();
  const answers = (await Promise.all(running.map((worker) => worker.ask(api, asked)))).filter(
    (answer) => answer !== undefined,
  );
  const [path = ""] = url.split("?", 1);
  const missing = wanted - answers.length;
  const isAbsent = answers.length === 0 || (missing > 0 && readyPaths.includes(path));
  write(response, isAbsent ? absent(answers.length, wanted) : joined(answers, families()));
}

function absent(present: number, wanted: number): ApiAnswer {
  const body = Buffer.from(legacyJson(503, `workers: ${present} of ${wanted} answer`));
  return { status: 503, headers: { "content-type": legacyContentType, "retry-after": "1" }, body };
}

function joined(answers: readonly ApiAnswer[], families: Family[]): ApiAnswer {
  const worst = answers.reduce((worst, answer) => (answer.status > worst.status ? answer : worst));
  if (worst.families === undefined) return worst;
  const all = answers.flatMap((answer) => (answer.families === undefined ? [] : [answer.families]));
  return { ...worst, body: Buffer.from(familiesText(joinFamilies([...all, families]))) };
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
