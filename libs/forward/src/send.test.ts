import { expect, onTestFinished, test } from "vitest";
import { createTarget, type OwnRequest, send, type TargetOptions } from "./index.ts";
import { answerAll, eventually, rawTarget, takeRequest, testedEngine, type Wire } from "./test-world.ts";

async function sending(answer: (wire: Wire) => void = answerAll, options: Partial<TargetOptions> = {}) {
  const target = await rawTarget(answer);
  const pool = createTarget({ engine: testedEngine, origin: `http://127.0.0.1:${target.port}`, ...options });
  onTestFinished(() => pool.destroy());
  const post = (more: Partial<OwnRequest> = {}) =>
    send(pool, { method: "POST", path: "/publish?a=1", headers: ["Host", "h", "X-A", "1"], timeoutMs: 5_000, ...more });
  return { target, pool, post };
}

const says = (response: string) => (wire: Wire) => {
  for (; takeRequest(wire) !== undefined; ) wire.send(response);
};

test("a request of our own goes out with its length, and its response comes back whole", async () => {
  const { target, post } = await sending(
    says("HTTP/1.1 207 X\r\nX-B: 2\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
  );
  expect(await post({ body: Buffer.from("hello") })).toEqual({
    status: 207,
    headers: ["X-B", "2"],
    body: Buffer.from("abcde"),
  });
  expect(target.received).toMatch(/^POST \/publish\?a=1 HTTP\/1.1\r\n.*X-A: 1\r\n.*content-length: 5\r\n\r\nhello$/is);
});

test.each([0, 16_384, 16_385, 300_000])("bodies of %i bytes", async (length) => {
  const { target, post } = await sending();
  expect(await post({ body: Buffer.alloc(length, "x") })).toMatchObject({ status: 200, body: Buffer.from("ok") });
  expect(target.received.endsWith(`\r\n\r\n${"x".repeat(length)}`)).toBe(true);
});

test("many share the connections", async () => {
  const { target, post } = await sending(answerAll, { maxConnections: 3 });
  const all = await Promise.all(Array.from({ length: 50 }, () => post({ body: Buffer.from("x") })));
  expect(all.every((result) => "status" in result && result.status === 200)).toBe(true);
  expect(target.wires.length).toBeLessThanOrEqual(3);
});

test("a target that does not answer in time", async () => {
  const { target, post } = await sending(() => undefined);
  expect(await post({ timeoutMs: 300 })).toMatchObject({ kind: "timeout" });
  await eventually(() => target.open === 0, "the connection to be broken");
});

test("a target that is not there", async () => {
  const { target, post } = await sending();
  await target.stop();
  expect(await post()).toMatchObject({ kind: "unreachable" });
});

test("a queue that is full", async () => {
  const { post } = await sending(() => undefined, { maxConnections: 1, maxQueued: 1 });
  const [, , third] = [post({ timeoutMs: 300 }), post({ timeoutMs: 300 }), post({ timeoutMs: 300 })];
  expect(await third).toMatchObject({ kind: "queue_full" });
});

test("a response that is cut off is none", async () => {
  const { post } = await sending((wire) => {
    if (takeRequest(wire) === undefined) return;
    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    wire.socket.end();
  });
  expect(await post()).toMatchObject({ kind: "reset" });
});

test("a response that does not end is not kept", async () => {
  const { target, post } = await sending((wire) => {
    if (takeRequest(wire) === undefined) return;
    wire.send(`HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n${"x".repeat(1_000)}`);
  });
  expect(await post({ maxResponseBytes: 500 })).toMatchObject({ kind: "protocol" });
  await eventually(() => target.open === 0, "the connection to be broken");
});
