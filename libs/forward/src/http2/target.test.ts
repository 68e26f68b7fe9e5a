import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  constants,
  createSecureServer,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import { createAuthority } from "@application-connector/x509";
import { describe, expect, onTestFinished, test } from "vitest";
import { eventually, get, type WorldOptions, world } from "../test-world.ts";

const authority = createAuthority({ subject: "CN=Test CA", keyType: "ec" });
const issued = authority.issue({ subject: "CN=server", usage: ["server"], dnsNames: ["localhost"], keyType: "ec" });
const identity = { cert: issued.certificate, key: issued.key };

type OnStream = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, raw: readonly string[]) => void;

const ok: OnStream = (stream) => {
  stream.respond({ ":status": 200, "content-length": 2 });
  stream.end("ok");
};

/** A target that speaks HTTP/2, and the world that calls it. */
async function http2World(onStream: OnStream, options: Partial<WorldOptions> & { server?: SecureServerOptions } = {}) {
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

async function listening(
  server: { listen(port: number, host: string): unknown; address(): unknown } & NodeJS.EventEmitter,
) {
  server.listen(0, "localhost");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

describe("a request on HTTP/2", () => {
  test("has method, path and fields as they came, and the host as its authority", async () => {
    const seen: (readonly string[])[] = [];
    const { call, outcome } = await http2World((stream, headers, raw) => {
      seen.push(raw);
      ok(stream, headers, raw);
    });
    const path = "/a//b/./../c%2f%zz('x')?y=%20;a=b?c&\"<>";
    const fields = "X-b: 2\r\nx-A: 1\r\nX-B: 3\r\nCookie: a=1\r\nCookie: b=2\r\nX-Bytes: caf\u00e9\r\nTE: trailers\r\n";
    const text = await call(
      `PROPFIND ${path} HTTP/1.1\r\nHost: h.example\r\n${fields}Connection: X-Gone\r\nX-Gone: 1\r\n\r\n`,
    ).until("ok");
    expect(text).toMatch(/^HTTP\/1.1 200 OK\r\ncontent-length: 2\r\n/);
    expect(seen[0]).toEqual([
      ...[":method", "PROPFIND", ":scheme", "https", ":authority", "h.example", ":path", path],
      ...[
        "x-b",
        "2",
        "x-a",
        "1",
        "x-b",
        "3",
        "cookie",
        "a=1",
        "cookie",
        "b=2",
        "x-bytes",
        "caf\u00e9",
        "te",
        "trailers",
      ],
    ]);
    expect(await outcome()).toMatchObject({
      status: 200,
      targetStatus: 200,
      responseBytes: 2,
      tries: 1,
      complete: true,
    });
  });

  test.each([
    ["a small body", 5, false],
    ["a large body", 3_000_000, false],
    ["a body without a length", 3_000_000, true],
    ["no byte of a body", 0, true],
  ])("carries %s", async (_title, size, chunked) => {
    const body = randomBytes(size);
    const { call, outcome } = await http2World((stream, headers) => {
      const hash = createHash("sha256");
      stream.on("data", (chunk) => hash.update(chunk));
      stream.on("end", () => {
        stream.respond({ ":status": 200 });
        stream.end(`${headers["content-length"]} ${hash.digest("hex")}`);
      });
    });
    const framing = chunked ? "Transfer-Encoding: chunked" : `Content-Length: ${size}`;
    const wire = call(`POST / HTTP/1.1\r\nHost: h\r\n${framing}\r\n\r\n`);
    if (chunked && size > 0) wire.send(`${size.toString(16)}\r\n`);
    wire.socket.write(body);
    if (chunked) wire.send(size > 0 ? "\r\n0\r\n\r\n" : "0\r\n\r\n");
    await wire.until(createHash("sha256").update(body).digest("hex"));
    expect(wire.received).toContain(chunked ? "undefined " : `${size} `);
    expect(await outcome()).toMatchObject({ requestBytes: size, complete: true });
  });

  test("shares one connection with all others, as many as the target allows", async () => {
    const waiting: ServerHttp2Stream[] = [];
    const { call, pool, sessions } = await http2World((stream) => waiting.push(stream));
    const wires = Array.from({ length: 50 }, (_, i) => call(get(`/${i}`)));
    await eventually(() => waiting.length === 50, "all requests");
    expect(pool.inFlight).toBe(50);
    expect(sessions).toHaveLength(1);
    for (const stream of waiting.reverse()) {
      stream.respond({ ":status": 200 });
      stream.end("ok");
    }
    await Promise.all(wires.map((wire) => wire.until("200 OK")));
  });

  test("goes over another connection, or waits, when the target allows no more", async () => {
    const waiting: ServerHttp2Stream[] = [];
    const { call, pool, sessions } = await http2World((stream) => waiting.push(stream), {
      server: { settings: { maxConcurrentStreams: 2 } },
      target: { maxConnections: 5 },
    });
    const wires = Array.from({ length: 8 }, (_, i) => call(get(`/${i}`)));
    await eventually(() => waiting.length === 5, "as many as may be");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([waiting.length, pool.inFlight, sessions.length]).toEqual([5, 5, 3]);
    const answerAll = () => {
      for (const stream of waiting.splice(0)) ok(stream, {}, []);
    };
    const timer = setInterval(answerAll, 10);
    await Promise.all(wires.map((wire) => wire.until("ok")));
    clearInterval(timer);
  });

  test("of a client that leaves is cancelled, and its connection goes on", async () => {
    const aborted: string[] = [];
    const { call, outcome, sessions } = await http2World((stream, headers, raw) => {
      if (headers[":path"] !== "/left") return ok(stream, headers, raw);
      stream.on("aborted", () => undefined);
      stream.on("close", () => aborted.push(String(stream.rstCode)));
    });
    const wire = call(get("/left"));
    await eventually(() => sessions.length === 1, "the connection");
    await new Promise((resolve) => setTimeout(resolve, 50));
    wire.socket.destroy();
    expect((await outcome()).failure?.kind).toBe("client_gone");
    await eventually(() => aborted.length === 1, "the end of the stream");
    expect(aborted).toEqual([String(constants.NGHTTP2_CANCEL)]);
    await call(get("/other")).until("ok");
    expect(sessions).toHaveLength(1);
  });
});

describe("a response on HTTP/2", () => {
  test("has its fields in order with their bytes, its trailers, and what came before it", async () => {
    const { call, outcome } = await http2World((stream) => {
      stream.additionalHeaders({ ":status": 100 });
      stream.additionalHeaders({ ":status": 103, link: "</a>" });
      const fields = ["set-cookie", "a=1", "x-one", "1", "set-cookie", "b=2", "x-bytes", "caf\u00e9"];
      stream.respond([":status", "418", ...fields] as never, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "x-checksum": "abc" }));
      stream.write("body");
      setTimeout(() => stream.end(" and more"), 20);
    });
    const text = await call(get()).until(/x-checksum: abc\r\n\r\n$/);
    expect(text).toMatch(
      /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 103 Early Hints\r\nlink: <\/a>\r\n\r\nHTTP\/1.1 418 /,
    );
    expect(text).toMatch(/\r\nset-cookie: a=1\r\nx-one: 1\r\nset-cookie: b=2\r\nx-bytes: caf\u00e9\r\n/);
    expect(text).toContain("4\r\nbody\r\n9\r\n and more\r\n0\r\n");
    expect(await outcome()).toMatchObject({ status: 418, responseBytes: 13, complete: true });
  });

  test.each([
    ["HEAD", 200],
    ["GET", 204],
    ["GET", 304],
  ])("has no body: %s, %i", async (method, status) => {
    const { call, outcome } = await http2World((stream) => {
      stream.respond({ ":status": status, "x-a": "1" }, { endStream: true });
    });
    await call(`${method} / HTTP/1.1\r\nHost: h\r\n\r\n`).until(
      new RegExp(`^HTTP/1.1 ${status} .*x-a: 1.*\r\n\r\n$`, "s"),
    );
    expect(await outcome()).toMatchObject({ complete: true });
  });

  test("of many bytes arrives whole", async () => {
    const body = randomBytes(20_000_000);
    const { call, outcome } = await http2World((stream) => {
      stream.respond({ ":status": 200, "content-length": body.length });
      stream.end(body);
    });
    const wire = call(get());
    await outcome();
    await eventually(() => wire.received.length > body.length, "all of it");
    const received = Buffer.from(wire.received.slice(wire.received.indexOf("\r\n\r\n") + 4), "latin1");
    expect(createHash("sha256").update(received).digest("hex")).toBe(createHash("sha256").update(body).digest("hex"));
  });

  test("that arrives before the request is complete ends the request", async () => {
    const { call, outcome, sessions } = await http2World((stream) => {
      stream.respond({ ":status": 413 });
      stream.end("too much");
    });
    const wire = call("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n");
    wire.socket.write(Buffer.alloc(300_000));
    await wire.until(/413 [\s\S]*too much/);
    expect(await outcome()).toMatchObject({ status: 413 });
    await call(get()).until("413");
    expect(sessions).toHaveLength(1);
  });

  test("that is not read stops the target, and nobody else", async () => {
    let written = 0;
    const size = 30_000_000;
    const { call, outcome } = await http2World((stream, headers, raw) => {
      if (headers[":path"] !== "/slow") return ok(stream, headers, raw);
      stream.respond({ ":status": 200, "content-length": size });
      const more = () => {
        while (written < size) {
          written += 100_000;
          if (!stream.write(Buffer.alloc(100_000, "x"))) return void stream.once("drain", more);
        }
        stream.end();
      };
      more();
    });
    const slow = call(get("/slow"));
    slow.socket.pause();
    let before = -1;
    await eventually(() => {
      const isStill = written === before && written > 0;
      before = written;
      return isStill;
    }, "the target to be stopped");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(written).toBeLessThan(size / 2);
    for (let i = 0; i < 20; i += 1) await call(get("/other")).until("ok");
    slow.socket.resume();
    await outcome(21);
    await eventually(() => slow.received.length > size, "the rest");
  });
});

describe("an HTTP/2 connection", () => {
  test("that the target ends gracefully lets its requests end, and is followed by another", async () => {
    const waiting: ServerHttp2Stream[] = [];
    const { call, sessions } = await http2World((stream, headers, raw) => {
      if (headers[":path"] === "/slow") waiting.push(stream);
      else ok(stream, headers, raw);
    });
    const slow = call(get("/slow"));
    await eventually(() => waiting.length === 1, "the request");
    sessions[0]?.goaway(constants.NGHTTP2_NO_ERROR);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await call(get("/next")).until("ok");
    expect(sessions).toHaveLength(2);
    ok(waiting[0] as ServerHttp2Stream, {}, []);
    await slow.until("ok");
  });

  test("whose last requests were not looked at sends them again elsewhere, POST included", async () => {
    let streams = 0;
    const { call, outcome, sessions } = await http2World((stream, headers, raw) => {
      streams += 1;
      // Nothing after the first stream was processed.
      if (streams === 2) stream.session?.goaway(constants.NGHTTP2_NO_ERROR, 1);
      else ok(stream, headers, raw);
    });
    await call(get("/first")).until("ok");
    await call("POST /second HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello").until("ok");
    expect(await outcome(2)).toMatchObject({ status: 200, tries: 2, complete: true });
    expect(sessions).toHaveLength(2);
  });

  test.each([
    ["refused stream", constants.NGHTTP2_REFUSED_STREAM],
    ["want of HTTP/1.1", constants.NGHTTP2_HTTP_1_1_REQUIRED],
  ])("a request that is not looked at is sent again once: %s", async (_title, code) => {
    const seen: string[] = [];
    const { call, outcome, server } = await http2World(
      (stream, headers) => {
        seen.push(`h2 ${headers[":path"]}`);
        stream.close(code);
      },
      { server: { allowHTTP1: true } },
    );
    server.on("request", (request, response) => {
      if (request.httpVersionMajor > 1) return;
      seen.push(`h1 ${request.url}`);
      response.end("ok");
    });
    const text = await call("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello").until(/ok$|reset$/);
    expect(seen).toEqual(code === constants.NGHTTP2_REFUSED_STREAM ? ["h2 /x", "h2 /x"] : ["h2 /x", "h1 /x"]);
    expect(text).toMatch(code === constants.NGHTTP2_REFUSED_STREAM ? /^HTTP\/1.1 502 / : /^HTTP\/1.1 200 /);
    expect((await outcome()).tries).toBe(2);
  });

  test("that breaks breaks what is on it", async () => {
    const { call, outcome, sessions } = await http2World((stream, headers) => {
      if (headers[":path"] === "/late") {
        stream.respond({ ":status": 200 });
        stream.write("some");
      }
    });
    const early = call("POST /early HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
    const late = call(get("/late"));
    await late.until("some");
    sessions[0]?.destroy();
    await early.until(/502 [\s\S]*reset$/);
    await late.untilEnd();
    expect(late.received).not.toContain("0\r\n\r\n");
    await outcome(2);
  });

  test.each([
    ["NO_ERROR", constants.NGHTTP2_NO_ERROR],
    ["CANCEL", constants.NGHTTP2_CANCEL],
    ["INTERNAL_ERROR", constants.NGHTTP2_INTERNAL_ERROR],
  ])("a stream that is reset amid its body is broken off: %s", async (_title, code) => {
    const { port } = await rawHttp2([...someBody, frame(3, 0, 1, Buffer.from([0, 0, 0, code]))]);
    const { call, outcome } = await world({
      targetPort: port,
      target: { origin: `https://localhost:${port}`, tls: { ca: authority.certificate } },
    });
    const wire = call(get());
    await wire.untilEnd();
    expect(wire.received).toContain("some");
    expect(wire.received).not.toContain("0\r\n\r\n");
    expect(await outcome()).toMatchObject({ complete: false, failure: { kind: "reset" } });
  });

  test("that says nothing any more is given up, and the next request has a fresh one", async () => {
    // A server that answers the first request of a connection, and then nothing, no ping either.
    const raw = await rawHttp2([...someBody, frame(0, 1, 1)]);
    const { call } = await world({
      targetPort: raw.port,
      target: { origin: `https://localhost:${raw.port}`, tls: { ca: authority.certificate } },
      forward: { responseTimeoutMs: 300 },
    });
    await call(get()).until("0\r\n\r\n");
    await call(get()).until(/504 [\s\S]*timeout$/);
    await call(get()).until("0\r\n\r\n");
    expect(raw.connections()).toBe(2);
    await eventually(() => raw.open() === 1, "the silent one to be given up");
  });

  test("that is idle is closed, and one that is old is not used again", async () => {
    const idle = await http2World(ok, { target: { keepAliveTimeoutMs: 150 } });
    await idle.call(get()).until("ok");
    await eventually(() => idle.open() === 0, "the idle one to be closed");
    await idle.call(get()).until("ok");
    const old = await http2World(ok, { target: { maxConnectionAgeMs: 20 } });
    await old.call(get()).until("ok");
    await new Promise((resolve) => setTimeout(resolve, 40));
    await old.call(get()).until("ok");
    await old.call(get()).until("ok");
    expect(old.sessions.length).toBeGreaterThan(1);
  });

  test("ends with its pool, at once or when its requests are over", async () => {
    const waiting: ServerHttp2Stream[] = [];
    const { call, pool, open } = await http2World((stream) => waiting.push(stream));
    const wire = call(get());
    await eventually(() => waiting.length === 1, "the request");
    const closed = pool.close();
    await call(get()).until("unreachable");
    ok(waiting[0] as ServerHttp2Stream, {}, []);
    await wire.until("ok");
    await closed;
    await eventually(() => open() === 0, "the connection to be closed");
    const broken = await http2World(() => undefined);
    const lost = broken.call(get());
    await eventually(() => broken.open() === 1, "the request");
    await new Promise((resolve) => setTimeout(resolve, 30));
    await broken.pool.destroy();
    await lost.until(/502 /);
  });

  test("is none where the target speaks HTTP/1.1 only, or HTTP/2 is not wanted, or an upgrade is", async () => {
    const versions: string[] = [];
    const server = createSecureServer({ ...identity, allowHTTP1: true }, (request, response) => {
      versions.push(request.httpVersion);
      response.end("ok");
    });
    server.on("upgrade", (request, socket) => {
      versions.push(`upgrade of ${request.httpVersion}`);
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    });
    const port = await listening(server);
    const plain = createTlsServer({ ...identity, ALPNProtocols: ["http/1.1"] }, (socket) => {
      socket.on("data", () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    });
    const plainPort = await listening(plain);
    onTestFinished(() => {
      server.close();
      plain.close();
    });
    const to = (port: number, more: WorldOptions["target"] = {}) =>
      world({
        targetPort: port,
        listener: { upgrades: true },
        target: { origin: `https://localhost:${port}`, tls: { ca: authority.certificate }, ...more },
      });
    const both = await to(port);
    await both.call(get()).until("ok");
    await both.call(get("/ws", "Connection: Upgrade\r\nUpgrade: websocket\r\n")).until("101");
    const unwanted = await to(port, { http2: false });
    await unwanted.call(get()).until("ok");
    const only = await to(plainPort);
    await Promise.all(Array.from({ length: 10 }, () => only.call(get()).until("ok")));
    expect(versions).toEqual(["2.0", "upgrade of 1.1", "1.1"]);
  });
});

/** A frame of HTTP/2 (RFC 9113, 4.1). */
function frame(type: number, flags: number, stream: number, payload = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** 200, and a body that has begun. */
const someBody = [frame(1, 4, 1, Buffer.from([0x88])), frame(0, 0, 1, Buffer.from("some"))];

/** A server that says its settings, and these frames to the first request. */
async function rawHttp2(frames: Buffer[]) {
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
