import { once } from "node:events";
import {
  createSecureServer,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
// biome-ignore lint/correctness/noUndeclaredDependencies: only tests use this file
import { createAuthority } from "@application-connector/x509";
// biome-ignore lint/correctness/noUndeclaredDependencies: only tests use this file
import { onTestFinished } from "vitest";
import { type WorldOptions, world } from "../test-world.ts";

export const authority = createAuthority({ subject: "CN=Test CA", keyType: "ec" });
const issued = authority.issue({ subject: "CN=server", usage: ["server"], dnsNames: ["localhost"], keyType: "ec" });
export const identity = { cert: issued.certificate, key: issued.key };

export type OnStream = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, raw: readonly string[]) => void;

export const ok: OnStream = (stream) => {
  stream.respond({ ":status": 200, "content-length": 2 });
  stream.end("ok");
};

/** A target that speaks HTTP/2, and the world that calls it. */
export async function http2World(
  onStream: OnStream,
  options: Partial<WorldOptions> & { server?: SecureServerOptions } = {},
) {
  const server = createSecureServer({ ...identity, ...options.server });
  const sessions: ServerHttp2Session[] = [];
  server.on("session", (session) => {
    sessions.push(session);
    session.on("error", () => undefined);
  });
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw: string[]) => {
    stream.on("error", () => undefined);
    onStream(stream, headers, raw);
  });
  const port = await listening(server);
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  const made = await world({
    targetPort: port,
    ...options,
    target: { origin: `https://localhost:${port}`, tls: { ca: authority.certificate }, ...options.target },
  });
  const open = () => sessions.filter(({ destroyed }) => !destroyed).length;
  return { ...made, pool: made.target, server, sessions, open };
}

export async function listening(
  server: { listen(port: number, host: string): unknown; address(): unknown } & NodeJS.EventEmitter,
) {
  server.listen(0, "localhost");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** A frame of HTTP/2 (RFC 9113, 4.1). */
export function frame(type: number, flags: number, stream: number, payload = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** 200, and a body that has begun. */
export const someBody = [frame(1, 4, 1, Buffer.from([0x88])), frame(0, 0, 1, Buffer.from("some"))];

/** A server that says its settings, and these frames to the first request. */
export async function rawHttp2(frames: Buffer[]) {
  const sockets: TLSSocket[] = [];
  const server = createTlsServer({ ...identity, ALPNProtocols: ["h2"] }, (socket) => {
    let received = Buffer.alloc(0);
    let isAnswered = false;
    let at = 24;
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.write(frame(4, 0, 0));
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      for (; at + 9 <= received.length; at += 9 + received.readUIntBE(at, 3)) {
        const [type, flags] = [received[at + 3], received[at + 4]];
        if (type === 4 && flags === 0) socket.write(frame(4, 1, 0));
        if (type !== 1 || isAnswered) continue;
        isAnswered = true;
        socket.write(Buffer.concat(frames));
      }
    });
  });
  onTestFinished(() => void server.close());
  return {
    port: await listening(server),
    connections: () => sockets.length,
    open: () => sockets.filter(({ closed }) => !closed).length,
  };
}
