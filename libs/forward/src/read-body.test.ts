import { expect, onTestFinished, test } from "vitest";
import {
  createTarget,
  endToEnd,
  forward,
  type ListenerOptions,
  listen,
  type ReadBodyOptions,
  readBody,
  withBody,
} from "./index.ts";
import { dial, eventually, get, rawTarget, takeRequest, testedEngine } from "./test-world.ts";

/** A listener that reads every body first, and passes on what `change` makes of it. */
async function reading(
  read: Partial<ReadBodyOptions> = {},
  options: Partial<ListenerOptions> = {},
  change = (body: Buffer) => body,
) {
  const target = await rawTarget();
  const pool = createTarget({ engine: testedEngine, origin: `http://127.0.0.1:${target.port}` });
  const results: string[] = [];
  const listener = await listen({ engine: testedEngine, port: 0, host: "127.0.0.1", ...options }, (exchange) => {
    readBody(exchange, { maxBytes: 200_000, timeoutMs: 5_000, ...read }, (body) => {
      results.push(typeof body === "string" ? body : `${body.length} bytes`);
      if (typeof body === "string") exchange.answer({ status: 400, headers: [], body });
      else
        forward(withBody(exchange, change(body)), pool, {
          path: exchange.url,
          headers: endToEnd(exchange.headers),
          responseTimeoutMs: 5_000,
          bodyIdleTimeoutMs: 5_000,
          onFailure: ({ kind }) => ({ status: 502, headers: [], body: kind }),
        });
    });
  });
  onTestFinished(async () => {
    await listener.stop(AbortSignal.abort());
    await pool.destroy();
  });
  const call = (request: string) => {
    const wire = dial(listener.port);
    wire.send(request);
    return wire;
  };
  return { target, results, listener, call };
}

const sized = (body: string, more = "") =>
  `POST /x HTTP/1.1\r\nHost: h\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`;
const inChunks = (...chunks: string[]) =>
  `POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n${[...chunks, ""]
    .map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`)
    .join("")}`;

test.each([
  ["a small one", sized("hello"), "hello"],
  ["a large one", sized("x".repeat(150_000)), "x".repeat(150_000)],
  ["one in chunks", inChunks("he", "llo"), "hello"],
  ["one of exactly the limit", sized("y".repeat(200_000)), "y".repeat(200_000)],
  ["one that waits to be asked for", sized("hello", "Expect: 100-continue\r\n"), "hello"],
])("a body is there as a whole, then goes to the target with its length: %s", async (_title, request, body) => {
  const { target, results, call } = await reading();
  await call(request).until("200 OK");
  expect(results).toEqual([`${body.length} bytes`]);
  expect(target.received.toLowerCase()).toContain(`content-length: ${body.length}\r\n`);
  expect(target.received.toLowerCase()).not.toContain("transfer-encoding");
  expect(target.received.endsWith(`\r\n\r\n${body}`)).toBe(true);
});

test("a client may be silent for as long as the reader says", async () => {
  const { results, call } = await reading({ idleTimeoutMs: 100 }, { bodyIdleTimeoutMs: 60_000 });
  await call("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhe").until("request_body_timeout");
  expect(results).toEqual(["request_body_timeout"]);
});

test("no body is one of no bytes", async () => {
  const { results, call } = await reading();
  await call(get("/x")).until("200 OK");
  expect(results).toEqual(["0 bytes"]);
});

test("another body can take the place of the one that came", async () => {
  const { target, call } = await reading({}, {}, (body) => Buffer.concat([body, Buffer.from(" world")]));
  await call(sized("hello")).until("200 OK");
  expect(target.received).toMatch(/content-length: 11\r\n\r\nhello world$/i);
});

test("requests on one connection are answered one after the other", async () => {
  const { target, call } = await reading();
  const wire = call(sized("one") + inChunks("two") + get("/3") + sized("four"));
  await wire.until(/(200 OK.*){4}/s);
  expect(target.received.match(/one|two|\/3|four/g)).toEqual(["one", "two", "/3", "four"]);
});

test.each([
  ["declared", sized("z".repeat(200_001))],
  ["in chunks", inChunks("z".repeat(150_000), "z".repeat(50_001))],
])("a body that is too large never reaches the target: %s", async (_title, request) => {
  const { target, results, call } = await reading();
  await call(request).until("request_body_too_large");
  expect(results).toEqual(["request_body_too_large"]);
  expect(target.wires).toEqual([]);
});

test("whoever keeps count may refuse", async () => {
  let left = 100_000;
  const admit = (bytes: number) => {
    left -= bytes;
    return left >= 0;
  };
  const { results, call } = await reading({ admit });
  await call(sized("a".repeat(80_000))).until("200 OK");
  await call(sized("a".repeat(80_000))).until("refused");
  expect(results).toEqual(["80000 bytes", "refused"]);
});

const trickle = async (call: (request: string) => ReturnType<typeof dial>) => {
  const wire = call("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n");
  const timer = setInterval(() => wire.send("x"), 50);
  onTestFinished(() => clearInterval(timer));
  await wire.until("request_body_timeout");
};

test("a body that trickles in has a time for the whole", async () => {
  const { results, call } = await reading({ timeoutMs: 500 });
  await trickle(call);
  expect(results).toEqual(["request_body_timeout"]);
});

test("the listener's time for a whole body counts as well, also while the body is forwarded", async () => {
  const { call } = await reading({ timeoutMs: 0 }, { bodyTimeoutMs: 500 });
  await trickle(call);

  const target = await rawTarget((wire) => void takeRequest(wire));
  const pool = createTarget({ engine: testedEngine, origin: `http://127.0.0.1:${target.port}` });
  const listener = await listen({ engine: testedEngine, port: 0, host: "127.0.0.1", bodyTimeoutMs: 500 }, (exchange) =>
    forward(exchange, pool, {
      path: "/",
      headers: endToEnd(exchange.headers),
      responseTimeoutMs: 0,
      bodyIdleTimeoutMs: 0,
      onFailure: ({ kind }) => ({ status: 408, headers: [], body: kind }),
    }),
  );
  onTestFinished(async () => {
    await listener.stop(AbortSignal.abort());
    await pool.destroy();
  });
  await trickle((request) => {
    const wire = dial(listener.port);
    wire.send(request);
    return wire;
  });
  await eventually(() => target.open === 0, "the target's connection to be broken");
});

test("a client that goes away while its body is read is told of once", async () => {
  const { results, target, listener, call } = await reading();
  const wire = call("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf");
  await eventually(() => listener.inFlight === 1, "the request to arrive");
  wire.socket.destroy();
  await eventually(() => results.length > 0, "the end");
  expect(results).toEqual(["client_gone"]);
  expect(target.wires).toEqual([]);
});
