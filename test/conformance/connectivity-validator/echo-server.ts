import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A request as Eventing saw it. */
export interface SeenRequest {
  method: string;
  url: string;
  rawHeaders: string[];
  body: Buffer;
  /** The whole request arrived; false when its sender broke off. */
  complete: boolean;
}

/** What an echo says. */
export interface Echo {
  method: string;
  path: string;
  headers: [string, string][];
  body: string;
}

export interface EchoServer {
  port: number;
  seen: SeenRequest[];
  readonly connections: number;
  /** Answers nothing from now on. */
  hang(): void;
  stop(): Promise<void>;
}

/** Stands in for Eventing: answers 200 with what it got as JSON, and `?status=n` with n and a body of its own. */
export async function startEcho(port = 0): Promise<EchoServer> {
  const seen: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let hanging = false;
  const server = createServer({ maxHeaderSize: 1024 * 1024 }, (request, response) => {
    const chunks: Buffer[] = [];
    const record: SeenRequest = {
      method: request.method ?? "",
      url: request.url ?? "",
      rawHeaders: request.rawHeaders,
      body: Buffer.alloc(0),
      complete: false,
    };
    seen.push(record);
    if (seen.length > 10_000) seen.shift();
    request.on("error", () => undefined);
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      record.body = Buffer.concat(chunks);
      record.complete = true;
      if (!hanging) answer(request, response, record);
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", 4096, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    get connections() {
      return sockets.size;
    },
    hang() {
      hanging = true;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, { method, url, rawHeaders, body }: SeenRequest) {
  const status = Number(new URL(url, "http://echo").searchParams.get("status") ?? 200);
  if (status !== 200) {
    response.writeHead(status, { "X-From": "eventing", ...(status === 204 ? {} : { "Content-Type": "text/x-own" }) });
    response.end(status === 204 ? undefined : `own body of ${status}`);
    return;
  }
  if (request.headers["x-answer"] === "bytes") {
    response.writeHead(200, { "Content-Type": "application/octet-stream" }).end(body);
    return;
  }
  const headers = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ""]] : []));
  response.writeHead(200, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ method, path: url, headers, body: body.toString("latin1") } as Echo));
}
