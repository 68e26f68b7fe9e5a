import { describe, expect, onTestFinished, test } from "vitest";
import { type Exchange, type Listener, type ListenerOptions, listen } from "./index.ts";
import { dial, eventually, get, rawTarget, takeRequest, testedEngine, world } from "./test-world.ts";

async function serve(handle: (exchange: Exchange) => void, options: Partial<ListenerOptions> = {}): Promise<Listener> {
  const listener = await listen({ engine: testedEngine, port: 0, host: "127.0.0.1", ...options }, handle);
  onTestFinished(() => listener.stop(AbortSignal.abort()));
  return listener;
}

const hello = (exchange: Exchange) => exchange.answer({ status: 200, headers: ["X-Url", exchange.url], body: "hello" });

describe("what is no valid HTTP", () => {
  test.each([
    ["a space before the colon", "GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400],
    ["two Hosts", "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", 400],
    ["no Host", "GET / HTTP/1.1\r\n\r\n", 400],
    ["a NUL in a header", "GET / HTTP/1.1\r\nHost: h\r\nX: a\u0000b\r\n\r\n", 400],
    ["differing lengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400],
    ["equal lengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na", 400],
    ["a list of lengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\na", 400],
    ["a length with a sign", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\na", 400],
    ["a negative length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\na", 400],
    [
      "both framings",
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      400,
    ],
    [
      "both framings, turned",
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n",
      400,
    ],
    ["an unknown coding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", 501],
    [
      "an unknown coding before chunked",
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      501,
    ],
    [
      "chunked twice",
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      501,
    ],
    ["chunked in HTTP/1.0", "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400],
    ["an obsolete line fold", "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n", 400],
    ["a bare line feed", "GET / HTTP/1.1\nHost: h\n\n", 400],
    ["an unknown method", "HELLO / HTTP/1.1\r\nHost: h\r\n\r\n", 400],
    ["CONNECT", "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n", 400],
    ["TLS on a plain port", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003", 400],
    ["another protocol", "SSH-2.0-OpenSSH_9.2\r\n", 400],
    ["a space in the path", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", 400],
    ["HTTP/2 without a word", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
  ])("%s is refused, and the connection closed", async (_, request, status) => {
    let handled = 0;
    const { port } = await serve(() => {
      handled += 1;
    });
    const wire = dial(port);
    wire.send(request);
    const text = await wire.untilEnd();
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(text).toContain("Connection: close\r\n");
    expect(text.match(/HTTP\/1.1 \d/g)).toHaveLength(1);
    expect(handled).toBe(0);
  });

  test("a broken chunk ends the exchange, and a head that follows garbage is never read", async () => {
    const target = await rawTarget(() => undefined);
    const { call, outcome } = await world({ targetPort: target.port });
    const wire = call(
      `POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX\r\n0\r\n\r\n${get("/smuggled")}`,
    );
    expect(await wire.untilEnd()).toMatch(/^HTTP\/1.1 400 /);
    await outcome();
    await eventually(() => target.open === 0, "the target's connection to be broken");
    expect(target.received).not.toContain("smuggled");
    expect(target.received).not.toContain("0\r\n\r\n");
  });

  test("garbage after a request is refused when the request has been answered", async () => {
    const target = await rawTarget((wire) => {
      if (takeRequest(wire)) setTimeout(() => wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), 50);
    });
    const { call } = await world({ targetPort: target.port });
    const wire = call(`${get("/1")}${get("/2")}nonsense\r\n\r\n`);
    expect(await wire.untilEnd()).toMatch(/^HTTP\/1.1 200 .*\r\n\r\nokHTTP\/1.1 200 .*\r\n\r\nokHTTP\/1.1 400 /s);
    expect(target.received).toMatch(/\/1 .*\/2 /s);
  });

  test("headers of 200 KB pass, more than the limit is 431", async () => {
    const { port } = await serve(hello);
    const fits = dial(port);
    fits.send(get("/", `X-Big: ${"a".repeat(200_000)}\r\n`));
    await fits.until("hello");
    const many = dial(port);
    many.send(get("/", "X-Many: a\r\n".repeat(5_000)));
    await many.until("hello");
    const tooMuch = dial(port);
    tooMuch.send(get("/", `X-Big: ${"a".repeat(1_100_000)}\r\n`));
    expect(await tooMuch.untilEnd()).toMatch(/^HTTP\/1.1 431 /);
  });

  test("every header of many is handed over", async () => {
    let count = 0;
    const { port } = await serve((exchange) => {
      count = exchange.headers.length / 2;
      hello(exchange);
    });
    const wire = dial(port);
    wire.send(get("/", "X-Many: a\r\n".repeat(5_000)));
    await wire.until("hello");
    expect(count).toBe(5_001);
  });

  test("headers that don't come in time are 408", async () => {
    const { port } = await serve(hello, { headersTimeoutMs: 600 });
    const slow = dial(port);
    slow.send("GET / HTTP/1.1\r\nHo");
    expect(await slow.untilEnd()).toMatch(/^HTTP\/1.1 408 /);
    const again = dial(port);
    again.send(get());
    await again.until("hello");
    again.send("GET / HTTP/1.1\r\nHo");
    expect(await again.untilEnd()).toMatch(/hello[\s\S]*HTTP\/1.1 408 /);
  });

  test("the answer has the shape that the caller wants", async () => {
    const { port } = await serve(hello, {
      malformed: (kind) => ({ status: 418, headers: ["Content-Type", "application/json"], body: `{"kind":"${kind}"}` }),
    });
    for (const [request, kind] of [
      ["GET / HTTP/1.1\r\n\r\n", "bad_request"],
      ["nonsense\r\n\r\n", "bad_request"],
      ["POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: x\r\n\r\n", "unknown_transfer_encoding"],
      ["POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", "ambiguous_framing"],
    ]) {
      const wire = dial(port);
      wire.send(request as string);
      expect(await wire.untilEnd()).toMatch(new RegExp(`^HTTP/1.1 418 [\\s\\S]*\r\n\r\n{"kind":"${kind}"}$`));
    }
  });
});

describe("an exchange", () => {
  test("has the request as it came", async () => {
    const seen: Exchange[] = [];
    const { port } = await serve((exchange) => {
      seen.push(exchange);
      hello(exchange);
    });
    for (const target of ["/a%2fb?c=%zz", "http://h:1/x", "*"]) {
      const wire = dial(port);
      wire.send(`OPTIONS ${target} HTTP/1.1\r\nHost: h\r\nx-A: 1\r\nX-a: 2\r\n\r\n`);
      await wire.until("hello");
    }
    expect(seen.map(({ url }) => url)).toEqual(["/a%2fb?c=%zz", "http://h:1/x", "*"]);
    expect(seen[0]).toMatchObject({
      method: "OPTIONS",
      httpVersion: "1.1",
      hasBody: false,
      remoteAddress: "127.0.0.1",
    });
    expect(seen[0]?.headers).toEqual(["Host", "h", "x-A", "1", "X-a", "2"]);
    expect(seen[0]?.contentLength).toBeUndefined();
  });

  test("that is answered without reading its small body leaves the connection usable", async () => {
    const { port } = await serve(hello);
    const wire = dial(port);
    wire.send("POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n");
    await wire.until("X-Url: /1");
    wire.send(`hello${get("/2")}`);
    await wire.until("X-Url: /2");
    expect(wire.received).not.toContain("Connection: close");
  });

  test.each([
    "Content-Length: 5000000\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Expect: 100-continue\r\nContent-Length: 5\r\n",
  ])("that is answered without reading its body of unknown cost closes the connection: %s", async (framing) => {
    const listener = await serve(hello);
    const wire = dial(listener.port);
    wire.send(`POST / HTTP/1.1\r\nHost: h\r\n${framing}\r\n`);
    const text = await wire.untilEnd();
    expect(text).toMatch(/Connection: close\r\n[\s\S]*hello$/);
    wire.socket.destroy();
    await eventually(() => listener.inFlight === 0, "the exchange to be over");
  });

  test("whose handler throws is answered with 500", async () => {
    const { port } = await serve(() => {
      throw new Error("a mistake");
    });
    const wire = dial(port);
    wire.send(get());
    await wire.until("HTTP/1.1 500 ");
  });

  test("whose client is gone says so, and takes an answer without harm", async () => {
    let seen: Exchange | undefined;
    const listener = await serve((exchange) => {
      seen = exchange;
    });
    const wire = dial(listener.port);
    wire.send(get());
    await eventually(() => seen !== undefined, "the request");
    wire.socket.destroy();
    await eventually(() => seen?.aborted === true, "the abort");
    seen?.answer({ status: 200, headers: [] });
    expect(listener.inFlight).toBe(0);
  });

  test("that nobody answers ends with the longest duration", async () => {
    const listener = await serve(() => undefined, { maxRequestDurationMs: 150 });
    const wire = dial(listener.port);
    wire.send(get());
    await wire.untilEnd();
    expect(wire.received).toBe("");
    await eventually(() => listener.inFlight === 0, "the exchange to be over");
  });

  test("answers HEAD without a body but with its length", async () => {
    const { port } = await serve(hello);
    const wire = dial(port);
    wire.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
    expect(await wire.until(/\r\n\r\n$/)).toContain("Content-Length: 5\r\n");
  });
});

describe("draining", () => {
  test("closes unused connections, says Connection: close on answers, and takes no new connections", async () => {
    const waiting: Exchange[] = [];
    const listener = await serve((exchange) => {
      if (exchange.url === "/wait") waiting.push(exchange);
      else hello(exchange);
    });
    const unused = dial(listener.port);
    const idle = dial(listener.port);
    idle.send(get());
    await idle.until("hello");
    const busy = dial(listener.port);
    busy.send(get("/wait"));
    await eventually(() => waiting.length === 1, "the request");
    const stopped = listener.stop();
    await unused.untilEnd();
    await idle.untilEnd();
    expect(busy.ended).toBe(false);
    expect(listener.inFlight).toBe(1);
    const refused = dial(listener.port);
    await eventually(() => refused.closed, "the refusal");
    hello(waiting[0] as Exchange);
    await stopped;
    expect(await busy.untilEnd()).toMatch(/Connection: close\r\n[\s\S]*hello$/);
  });

  test("that is announced ends each connection with its next answer, and goes on to serve", async () => {
    const listener = await listen({ port: 0, host: "127.0.0.1" }, (exchange) =>
      exchange.answer({ status: 200, headers: [] }),
    );
    onTestFinished(() => listener.stop(AbortSignal.abort()));
    const known = dial(listener.port);
    known.send(get());
    await known.until("\r\n\r\n");
    expect(known.received).not.toContain("Connection: close");
    listener.announceEnd();
    known.send(get());
    await known.untilEnd();
    expect(known.received.match(/Connection: close/g)).toHaveLength(1);
    const fresh = dial(listener.port);
    fresh.send(get());
    expect(await fresh.untilEnd()).toContain("Connection: close");
  });

  test("a listener that was drained before ends when it is stopped, even if nothing was open any more", async () => {
    const listener = await serve(hello);
    const wire = dial(listener.port);
    wire.send(get());
    await wire.until("hello");
    listener.drain();
    await wire.untilEnd();
    const refused = dial(listener.port);
    await eventually(() => refused.closed, "the refusal");
    await expect(listener.stop()).resolves.toBeUndefined();
  });

  test("breaks what is left at the deadline", async () => {
    const listener = await serve(() => undefined);
    const wire = dial(listener.port);
    wire.send(get());
    await eventually(() => listener.inFlight === 1, "the request");
    const deadline = new AbortController();
    const stopped = listener.stop(deadline.signal);
    deadline.abort();
    await stopped;
    await wire.untilEnd();
    expect(wire.received).toBe("");
    expect(listener.inFlight).toBe(0);
  });

  test("can be asked for twice", async () => {
    const listener = await serve(hello);
    await Promise.all([listener.stop(), listener.stop()]);
    await listener.stop();
  });
});
