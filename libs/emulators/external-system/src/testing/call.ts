import { once } from "node:events";
import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { connect } from "node:net";

export interface Answer {
  status: number;
  /** Header lines as received. */
  rawHeaders: string[];
  headers: IncomingMessage["headers"];
  body: Buffer;
  trailers: IncomingMessage["trailers"];
  /** Statuses of interim responses. */
  interim: { status: number; headers: Record<string, unknown> }[];
}

type CallOptions = RequestOptions & { body?: string | Buffer; ca?: string; cert?: string; key?: string };

/** One request on a connection of its own; rejects when the answer breaks off. */
export async function call(url: string, { body, ca, cert, key, ...options }: CallOptions = {}): Promise<Answer> {
  const { origin, protocol } = new URL(url);
  // Not through URL's path: tests care about the exact bytes.
  const target = { path: url.slice(origin.length) || "/", agent: false as const, ...options };
  const tls = { ca, cert, key, agent: new Agent({ maxCachedSessions: 0 }) };
  const request = protocol === "https:" ? httpsRequest(origin, { ...target, ...tls }) : httpRequest(origin, target);
  const interim: Answer["interim"] = [];
  request.on("information", ({ statusCode, headers }) => interim.push({ status: statusCode, headers }));
  // What breaks after the head shows on the response too; nobody listens when the request says it.
  request.on("error", () => undefined);
  request.end(body);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return {
    status: response.statusCode ?? 0,
    rawHeaders: response.rawHeaders,
    headers: response.headers,
    body: Buffer.concat(chunks),
    trailers: response.trailers,
    interim,
  };
}

export async function callJson<T = Record<string, unknown>>(url: string, options?: CallOptions): Promise<T> {
  return JSON.parse((await call(url, options)).body.toString("utf8")) as T;
}

/** Sends bytes and returns everything that comes back until the connection ends. */
export async function rawCall(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(bytes, "latin1");
  let answer = "";
  for await (const chunk of socket as AsyncIterable<Buffer>) answer += chunk.toString("latin1");
  return answer;
}

/** Waits until something holds, looking again every few milliseconds. */
export async function eventually(holds: () => boolean, deadlineMs = 5000): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!holds()) {
    if (Date.now() > end) throw new Error("it did not come true in time");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
