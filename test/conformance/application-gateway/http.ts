import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { ledger } from "./secrecy-ledger.ts";

export interface CallOptions {
  method?: string;
  /** Name, value, name, value…; `Host` is added where it is missing. */
  headers?: readonly string[];
  body?: string | Buffer;
  /** Where the connection comes from. */
  localAddress?: string;
}

export interface Answered {
  status: number;
  /** Name and value of every header line, as received. */
  headers: [name: string, value: string][];
  body: Buffer;
  /** The body came to its proper end. */
  complete: boolean;
}

/** One request on a connection of its own, its path sent as it is written. */
export async function call(port: number, path: string, options: CallOptions = {}): Promise<Answered> {
  const { method = "GET", headers = [], body, localAddress } = options;
  ledger.headers(headers);
  const hasHost = headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === "host");
  const length = body === undefined ? [] : ["Content-Length", String(Buffer.byteLength(body))];
  const sent = request({
    host: "127.0.0.1",
    port,
    path,
    method,
    agent: false,
    ...(localAddress === undefined ? {} : { localAddress }),
    headers: [...(hasHost ? [] : ["Host", `127.0.0.1:${port}`]), ...headers, ...length] as never,
  });
  sent.end(body);
  const [response] = await once(sent, "response");
  const chunks: Buffer[] = [];
  response.on("data", (chunk: Buffer) => chunks.push(chunk));
  const complete = await new Promise<boolean>((resolve) => {
    response.on("error", () => undefined);
    response.on("close", () => resolve(response.complete));
  });
  const { statusCode: status, rawHeaders } = response;
  const answer = { status, headers: pairs(rawHeaders), body: Buffer.concat(chunks), complete };
  if (valuesOf(answer, "x-error-origin").length > 0) {
    ledger.said(`the answer to ${method} ${path.split("?", 1)[0]}`, JSON.stringify(answer.headers) + answer.body);
  }
  return answer;
}

/** Sends bytes and gives back what came until the other side closed. For what no HTTP client would send or accept. */
export async function raw(port: number, bytes: string): Promise<string> {
  const socket = await open(port);
  socket.write(Buffer.from(bytes, "latin1"));
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.on("error", () => undefined);
  await once(socket, "close");
  const answer = Buffer.concat(chunks).toString("latin1");
  if (/^x-error-origin:/im.test(answer)) ledger.said("an answer to raw bytes", answer);
  return answer;
}

/** A connection that the test may keep, break or leave. */
export async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1" });
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, "connect");
  return socket;
}

export function valuesOf({ headers }: Pick<Answered, "headers">, name: string): string[] {
  return headers.filter(([given]) => given.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
}

function pairs(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ""]] : [])) as [string, string][];
}
