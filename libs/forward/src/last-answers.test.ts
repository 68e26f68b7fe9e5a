import { expect, onTestFinished, test } from "vitest";
import { type Exchange, listen } from "./index.ts";
import { dial, eventually, get, rawTarget, takeRequest, testedEngine, world } from "./test-world.ts";

// What the comparison of the engines (test/conformance/engines) has found about the end of a client's connection.

async function listening(handle: (exchange: Exchange) => void): Promise<number> {
  const listener = await listen({ engine: testedEngine, port: 0, host: "127.0.0.1" }, handle);
  onTestFinished(() => listener.stop(AbortSignal.abort()));
  return listener.port;
}

const answer = (exchange: Exchange): void =>
  exchange.answer({ status: 200, headers: ["X-Path", exchange.url], body: "ok" });

const unreadable: [what: string, bytes: string, status: number][] = [
  ["no request at all", "no request\r\n\r\n", 400],
  ["a coding that nobody knows", "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\nabc", 501],
  ["a length that is none", "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n", 400],
  ["a coding that is no longer one", "HEAD / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n", 501],
  ["no Host, and a broken body", "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0x2\r\nab\r\n", 400],
];

test.each(unreadable.flatMap((one) => [["/1"], ["/1", "/2", "/3"]].map((paths) => [paths, ...one] as const)))(
  "requests that are answered at once, %j, are all answered before the refusal of what follows: %s",
  async (paths, _, bad, status) => {
    const wire = dial(await listening(answer));
    wire.send(`${paths.map((path) => get(path)).join("")}${bad}`);
    await wire.untilEnd();
    expect(wire.received.match(/HTTP\/1\.1 \d+|X-Path: \S+/g)).toEqual([
      ...paths.flatMap((path) => ["HTTP/1.1 200", `X-Path: ${path}`]),
      `HTTP/1.1 ${status}`,
    ]);
  },
);

test("a refusal that is on its way is lost to nothing that is wrong with the body behind it", async () => {
  const wire = dial(await listening(answer));
  wire.socket.pause();
  // Without Host: refused by its head, and our side of the connection is closed.
  wire.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
  await eventually(() => wire.socket.writableLength === 0, "the request to be sent");
  let isWritten = false;
  wire.socket.write(`no size\r\n${"x".repeat(4 * 1024 * 1024)}`, () => {
    isWritten = true;
  });
  await eventually(() => isWritten || wire.closed, "all to be sent");
  wire.socket.resume();
  await wire.untilEnd();
  expect(wire.received).toMatch(/^HTTP\/1\.1 400 [\s\S]*\r\n\r\n400 Bad Request$/);
  expect(wire.reset).toBe(false);
});

test.each([200, 410])(
  "the head of a response that breaks off in the same read arrives: %i to half a request",
  async (status) => {
    const target = await rawTarget((wire) => {
      if (wire.received.includes("\r\n\r\n5\r\nhello")) {
        wire.send(`HTTP/1.1 ${status} X\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n`);
      }
    });
    const { call } = await world({ targetPort: target.port });
    const wire = call("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    await wire.untilEnd();
    expect(wire.received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^\\r]*\r\nX-A: b\r\n[^]*\r\n\r\n$`));
  },
);

test("a client that ends behind a whole request and half of another one waits for no answer", async () => {
  const target = await rawTarget((wire) => void takeRequest(wire));
  const { call, outcome } = await world({ targetPort: target.port });
  const wire = call(`${get()}POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 50\r\n\r\nhello`);
  await eventually(() => target.wires[0]?.received.includes("\r\n\r\n") === true, "the call");
  wire.socket.end();
  await wire.untilEnd();
  expect(wire.received).toBe("");
  expect((await outcome()).failure?.kind).toBe("client_gone");
});
