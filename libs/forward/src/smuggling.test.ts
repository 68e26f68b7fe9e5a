import { describe, expect, onTestFinished, test } from "vitest";
import { type Exchange, listen } from "./index.ts";
import { answerAll, dial, eventually, get, rawTarget, takeRequest, testedEngine, world } from "./test-world.ts";

const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

async function listening(handle: (exchange: Exchange) => void) {
  const listener = await listen({ engine: testedEngine, port: 0, host: "127.0.0.1" }, handle);
  onTestFinished(() => listener.stop(AbortSignal.abort()));
  return listener;
}

describe("what follows the last answer on a connection", () => {
  test.each([
    ["two Hosts", "GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"],
    ["no Host", "GET /a HTTP/1.1\r\n\r\n"],
    ["an unknown coding", "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"],
    ["a length beyond all numbers", "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 9007199254740993\r\n\r\n"],
  ])("is no request when the answer refused %s", async (_, refused) => {
    const handled: string[] = [];
    const { port } = await listening((exchange) => {
      handled.push(exchange.url);
      exchange.answer({ status: 200, headers: [] });
    });
    const wire = dial(port);
    wire.send(`${refused}${get("/smuggled")}${get("/smuggled")}`);
    expect((await wire.untilEnd()).match(/HTTP\/1.1 \d/g)).toHaveLength(1);
    wire.socket.destroy();
    await eventually(() => wire.closed, "the close");
    expect(handled).toEqual([]);
  });

  test("is no request when the answer refused the body before it", async () => {
    const handled: string[] = [];
    const { port } = await listening((exchange) => {
      handled.push(exchange.url);
      exchange.answer({ status: 403, headers: [] });
    });
    const wire = dial(port);
    wire.send("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    await wire.until("Connection: close");
    wire.send(`0\r\n\r\n${get("/smuggled")}`);
    await wire.untilEnd();
    expect(wire.received.match(/HTTP\/1.1 \d/g)).toHaveLength(1);
    expect(handled).toEqual(["/a"]);
  });

  test("is no request when the listener drains: the client will send it elsewhere", async () => {
    const waiting: Exchange[] = [];
    const listener = await listening((exchange) => void waiting.push(exchange));
    const wire = dial(listener.port);
    wire.send(`${get("/1")}${get("/2")}`);
    await eventually(() => waiting.length === 1, "the request");
    listener.drain();
    waiting[0]?.answer({ status: 200, headers: [] });
    expect((await wire.untilEnd()).match(/Connection: close/g)).toHaveLength(1);
    expect(waiting).toHaveLength(1);
    await eventually(() => listener.inFlight === 0, "the exchanges to be over");
  });

  test("takes nothing from the last answer, however it arrives", async () => {
    const target = await rawTarget(answerAll);
    const { call } = await world({ targetPort: target.port });
    const wire = call(get("/a", "Connection: close\r\n"));
    wire.socket.setNoDelay(true);
    for (const byte of get("/smuggled")) {
      await new Promise((resolve) => setImmediate(resolve));
      if (wire.socket.writable) wire.send(byte);
    }
    expect(await wire.untilEnd()).toMatch(/\r\n\r\nok$/);
  });

  test("is not refused either: the answer said that it was the last", async () => {
    const { port } = await listening((exchange) => exchange.answer({ status: 200, headers: [], body: "hello" }));
    const wire = dial(port);
    wire.send(`${get("/a", "Connection: close\r\n")}${get("/smuggled")}`);
    expect((await wire.untilEnd()).match(/HTTP\/1.1 \d/g)).toHaveLength(1);
  });
});

test("a trailer that says it was the last request ends the connection", async () => {
  const { port } = await listening((exchange) => exchange.answer({ status: 200, headers: [], body: "hello" }));
  const wire = dial(port);
  wire.send("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nConnection: close\r\n\r\n");
  await wire.until("hello");
  wire.send(get("/never"));
  expect((await wire.untilEnd()).match(/HTTP\/1.1 \d/g)).toHaveLength(1);
});

test.each(["0.9", "2.0"])("HTTP/%s is refused: its framing is another", async (version) => {
  let handled = 0;
  const { port } = await listening(() => {
    handled += 1;
  });
  const wire = dial(port);
  wire.send(`GET /a HTTP/${version}\r\nHost: h\r\n\r\n`);
  expect(await wire.untilEnd()).toMatch(/^HTTP\/1.1 400 /);
  expect(handled).toBe(0);
});

describe("behind requests that are not answered yet", () => {
  /** Takes its time for the first request, so that something can come behind it. */
  const slow = async () =>
    await rawTarget((wire) => {
      if (takeRequest(wire)) setTimeout(() => wire.send(ok), 50);
    });

  test("the refusal of a CONNECT comes after their answers, or the connection breaks", async () => {
    const target = await slow();
    const { call, outcome } = await world({ targetPort: target.port });
    const wire = call(`${get("/1")}CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n`);
    // Node lets go of the connection at once.
    if (testedEngine === "node") {
      expect(await wire.untilEnd()).toBe("");
      expect((await outcome()).failure?.kind).toBe("client_gone");
    } else expect(await wire.untilEnd()).toMatch(/^HTTP\/1.1 200 [\s\S]*okHTTP\/1.1 400 /);
  });

  test("a broken chunk is refused when its request has its turn", async () => {
    const target = await slow();
    const { call } = await world({ targetPort: target.port });
    const wire = call(`${get("/1")}POST /2 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`);
    expect(await wire.untilEnd()).toMatch(/^HTTP\/1.1 200 .*\r\n\r\nokHTTP\/1.1 400 /s);
  });

  test("no more is read than a few requests, whatever they carry", { timeout: 30_000 }, async () => {
    const target = await slow();
    const { call, outcome } = await world({ targetPort: target.port });
    const wire = call("");
    const block = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx".repeat(2_000);
    let taken = 0;
    const more = () => {
      while (taken < 60_000_000 && wire.socket.write(block, "latin1", () => (taken += block.length)));
    };
    wire.socket.on("drain", more);
    more();
    await outcome(3);
    const before = taken;
    await outcome(30);
    // What both kernels hold is some megabytes; a connection that is read goes far beyond.
    expect(taken - before).toBeLessThan(2_000_000);
  });
});

test("a body that a target may not expect never leaves a request behind on a shared connection", async () => {
  // This one takes bodies of GET for the next request, as many do.
  const target = await rawTarget((wire) => {
    const heads = wire.received.split("\r\n\r\n").length - 1;
    if (heads > 0) wire.send(ok);
  });
  const { call } = await world({ targetPort: target.port, target: { maxConnections: 1 } });
  for (const method of ["GET", "HEAD", "DELETE", "OPTIONS"]) {
    const body = get("/smuggled");
    const opened = target.wires.length;
    await call(`${method} /a HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}`).until("200 OK");
    expect(target.wires[opened]?.received).toContain("connection: close\r\n");
    await eventually(() => target.open === 0, "the connection to be closed");
  }
});

test("answers go out to HTTP/1.0 clients that close their side only", async () => {
  const target = await rawTarget(answerAll);
  const { call, outcome } = await world({ targetPort: target.port });
  const wire = call("GET / HTTP/1.0\r\n\r\n");
  await wire.until("ok");
  expect((await outcome()).complete).toBe(true);
  await wire.untilEnd();
});
