import { createHash, randomBytes } from "node:crypto";
import { constants, type ServerHttp2Stream } from "node:http2";
import { describe, expect, test } from "vitest";
import { eventually, get } from "../test-world.ts";
import { http2World, ok } from "./test-world.ts";

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
    const { call, listener, pool, sessions } = await http2World((stream) => waiting.push(stream), {
      server: { settings: { maxConcurrentStreams: 2 } },
      target: { maxConnections: 5 },
    });
    const wires = Array.from({ length: 8 }, (_, i) => call(get(`/${i}`)));
    await eventually(() => waiting.length === 5 && listener.inFlight === 8, "as many as may be, of all");
    // What was sent before has come by then.
    await Promise.all(sessions.map((session) => new Promise((resolve) => session.ping(resolve))));
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
    let hasCome = false;
    const { call, outcome, sessions } = await http2World((stream, headers, raw) => {
      if (headers[":path"] !== "/left") return ok(stream, headers, raw);
      hasCome = true;
      stream.on("aborted", () => undefined);
      stream.on("close", () => aborted.push(String(stream.rstCode)));
    });
    const wire = call(get("/left"));
    await eventually(() => hasCome, "the request");
    wire.socket.destroy();
    expect((await outcome()).failure?.kind).toBe("client_gone");
    await eventually(() => aborted.length === 1, "the end of the stream");
    expect(aborted).toEqual([String(constants.NGHTTP2_CANCEL)]);
    await call(get("/other")).until("ok");
    expect(sessions).toHaveLength(1);
  });
});
