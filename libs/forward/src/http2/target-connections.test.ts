import { constants, createSecureServer, type ServerHttp2Stream } from "node:http2";
import { createServer as createTlsServer } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { eventually, get, type WorldOptions, world } from "../test-world.ts";
import { authority, frame, http2World, identity, listening, ok, rawHttp2, someBody } from "./test-world.ts";

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
    // Frames are read in order: who answers a later one has seen it.
    await new Promise((resolve) => sessions[0]?.ping(resolve));
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
    await expect
      .poll(async () => {
        await old.call(get()).until("ok");
        return old.sessions.length;
      })
      .toBeGreaterThan(1);
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
    let lostRequests = 0;
    const broken = await http2World(() => void lostRequests++);
    const lost = broken.call(get());
    await eventually(() => lostRequests === 1, "the request");
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
