import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { answerAll, eventually, get, type RawTarget, rawTarget, takeRequest, type Wire, world } from "./test-world.ts";

/** A port on which nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("a call that fails before the response head", () => {
  test("AG-64 refused port: unreachable", async () => {
    const { call, outcome } = await world({ targetPort: await deadPort() });
    await call(get()).until("unreachable");
    expect(await outcome()).toMatchObject({ status: 502, targetStatus: undefined, failure: { kind: "unreachable" } });
  });

  test("AG-64 a name that does not resolve: dns", async () => {
    const { call } = await world({ targetPort: 1, target: { origin: "http://no-such-host.invalid" } });
    await call(get()).until(/\r\n\r\ndns$/);
  });

  test.each([
    ["reset", (wire: Wire): void => void wire.socket.resetAndDestroy()],
    ["reset", (wire: Wire): void => void wire.socket.end()],
    ["protocol", (wire: Wire) => wire.send("SSH-2.0-OpenSSH_9.2\r\n")],
    ["protocol", (wire: Wire) => wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok")],
    [
      "protocol",
      (wire: Wire) => wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"),
    ],
    ["protocol", (wire: Wire) => wire.send("HTTP/1.1 200 OK\r\nX-A : 1\r\n\r\n")],
    ["protocol", (wire: Wire) => wire.send(`HTTP/1.1 200 OK\r\nX-A: ${"a".repeat(1_100_000)}\r\n\r\n`)],
  ] as const)("AG-64 what is no answer is a failure: %s (%#)", async (kind, misbehave) => {
    const target = await rawTarget((wire) => {
      if (takeRequest(wire) !== undefined) misbehave(wire);
    });
    const { call, outcome } = await world({ targetPort: target.port });
    await call(get()).until(new RegExp(`^HTTP/1.1 502 .*\r\n\r\n${kind}$`, "s"));
    expect((await outcome()).failure?.error).toBeInstanceOf(Error);
    await eventually(() => target.open === 0, "the target's connection to be closed");
  });

  test("AG-55 no response head in time: timeout, and the call is given up", async () => {
    const target = await rawTarget(() => undefined);
    const { call, outcome } = await world({ targetPort: target.port, forward: { responseTimeoutMs: 150 } });
    const started = performance.now();
    await call(get()).until(/504 [\s\S]*timeout$/);
    expect(performance.now() - started).toBeGreaterThan(140);
    expect(await outcome()).toMatchObject({ status: 504, failure: { kind: "timeout" }, complete: false });
    await eventually(() => target.open === 0, "the target's connection to be broken");
  });

  test("the time for the head begins when the request body has ended", async () => {
    const target = await rawTarget();
    const { call, outcome } = await world({ targetPort: target.port, forward: { responseTimeoutMs: 700 } });
    const wire = call("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (let i = 0; i < 8; i += 1) {
      wire.send("1\r\nx\r\n");
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    wire.send("0\r\n\r\n");
    await wire.until("ok");
    expect(await outcome()).toMatchObject({ status: 200, complete: true });
  });

  test("a client that stops in its body: request_body_timeout", async () => {
    const target = await rawTarget(() => undefined);
    const options = { targetPort: target.port, listener: { bodyIdleTimeoutMs: 150 } };
    const { call, outcome } = await world(options);
    const small = call("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhello");
    await small.until(/408 [\s\S]*request_body_timeout$/);
    expect(target.wires).toHaveLength(0);
    const streamed = call("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    await streamed.until(/408 [\s\S]*request_body_timeout$/);
    expect((await outcome(2)).failure?.kind).toBe("request_body_timeout");
    await streamed.untilEnd();
    await eventually(() => target.open === 0, "the target's connection to be broken");
    expect(target.received).not.toContain("0\r\n\r\n");
  });

  test("a target that takes no more of the body: timeout", async () => {
    const target = await rawTarget((wire) => void wire.socket.pause());
    const { call, outcome } = await world({ targetPort: target.port, forward: { bodyIdleTimeoutMs: 200 } });
    const wire = call("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 90000000\r\n\r\n");
    wire.socket.write(Buffer.alloc(90_000_000));
    expect((await outcome()).failure?.kind).toBe("timeout");
  });

  test("the whole exchange has an end, before the head and after it", async () => {
    const target = await rawTarget((wire) => {
      if (takeRequest(wire)?.includes("/late")) wire.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsome");
    });
    const { call, outcome } = await world({ targetPort: target.port, listener: { maxRequestDurationMs: 700 } });
    await call(get("/early")).until(/504 [\s\S]*timeout$/);
    const late = call(get("/late"));
    await late.untilEnd();
    expect(late.received.endsWith("some")).toBe(true);
    expect(await outcome(2)).toMatchObject({ status: 200, failure: { kind: "timeout" }, complete: false });
  });

  test("the time in the queue is bounded, and so is its length", async () => {
    const target = await rawTarget(() => undefined);
    const {
      listener,
      call,
      outcome,
      failures,
      target: pool,
    } = await world({
      targetPort: target.port,
      target: { maxConnections: 1, maxQueued: 1 },
      forward: { responseTimeoutMs: 1_500 },
    });
    const first = call(get("/1"));
    await eventually(() => target.received.includes("/1"), "the first request");
    const second = call(get("/2"));
    await eventually(() => listener.inFlight === 2, "a call that waits");
    expect(pool.inFlight).toBe(1);
    await call(get("/3")).until("queue_full");
    await first.until("timeout");
    await second.until("timeout");
    await outcome(3);
    expect(failures.map(({ kind }) => kind)).toEqual(["queue_full", "timeout", "timeout"]);
    expect(target.received).not.toContain("/3");
  });
});

describe("AG-57 a call that fails after the response head", () => {
  test("a body that falls silent is broken off", async () => {
    const target = await rawTarget((wire) => {
      if (takeRequest(wire)) wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n");
    });
    const { call, outcome } = await world({ targetPort: target.port, forward: { bodyIdleTimeoutMs: 150 } });
    const text = await call(get()).untilEnd();
    expect(text.endsWith("4\r\nsome\r\n")).toBe(true);
    expect(await outcome()).toMatchObject({ status: 200, failure: { kind: "timeout" }, complete: false });
    await eventually(() => target.open === 0, "the target's connection to be broken");
  });

  test("AG-56 a body that is slow but not silent is not", async () => {
    const target = await rawTarget((wire) => {
      if (takeRequest(wire) === undefined) return;
      wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      let left = 16;
      const timer = setInterval(() => {
        wire.send("1\r\nx\r\n");
        left -= 1;
        if (left > 0) return;
        clearInterval(timer);
        wire.send("0\r\n\r\n");
      }, 80);
    });
    const { call, outcome } = await world({
      targetPort: target.port,
      forward: { bodyIdleTimeoutMs: 700, responseTimeoutMs: 700 },
    });
    await call(get()).until("\r\n0\r\n\r\n");
    expect(await outcome()).toMatchObject({ complete: true, responseBytes: 16 });
  });
});

describe("a connection that went stale", () => {
  /** Closes a connection at its second request without a byte of answer. */
  async function forgetful(): Promise<RawTarget> {
    return await rawTarget((wire) => {
      const again = wire.received.split("HTTP/1.1\r\n").length > 2;
      if (again) wire.socket.resetAndDestroy();
      else answerAll(wire);
    });
  }

  test.each([
    get("/again"),
    "PUT /again HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
    "DELETE /again HTTP/1.1\r\nHost: h\r\n\r\n",
  ])("is replaced by a fresh one, once, for what may be repeated: %s", async (request) => {
    const target = await forgetful();
    const { call, outcome } = await world({ targetPort: target.port });
    await call(get("/first")).until("ok");
    await call(request).until("ok");
    expect(target.wires).toHaveLength(2);
    expect(await outcome(2)).toMatchObject({ status: 200, complete: true });
    expect(target.wires[1]?.received.match(/\/again/g)).toHaveLength(1);
  });

  test.each([
    "POST /again HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
    `PUT /again HTTP/1.1\r\nHost: h\r\nContent-Length: 70000\r\n\r\n${"x".repeat(70_000)}`,
  ])("is an error for what may not or can't be repeated (%#)", async (request) => {
    const target = await forgetful();
    const { call } = await world({ targetPort: target.port });
    await call(get("/first")).until("ok");
    await call(request).until(/502 [\s\S]*reset$/);
    expect(target.received.match(/\/again/g)).toHaveLength(1);
  });

  test("is replaced for POST as well while nothing of it was written", async () => {
    const target = await rawTarget();
    const { call, target: pool } = await world({ targetPort: target.port });
    await call(get("/first")).until("ok");
    const wire = call("POST /again HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    await eventually(() => pool.inFlight === 1, "the call");
    await new Promise((resolve) => setImmediate(resolve));
    target.wires[0]?.socket.resetAndDestroy();
    await eventually(() => target.wires.length === 2, "a fresh connection");
    wire.send("5\r\nhello\r\n0\r\n\r\n");
    await wire.until("ok");
    expect(target.wires[1]?.received).toContain("hello");
  });

  test("is not tried again when a fresh connection breaks as well", async () => {
    const target = await rawTarget((wire) => {
      if (wire.received.includes("/again")) wire.socket.resetAndDestroy();
      else answerAll(wire);
    });
    const { call } = await world({ targetPort: target.port });
    await call(get("/first")).until("ok");
    await call(get("/again")).until(/502 [\s\S]*reset$/);
    expect(target.received.match(/\/again/g)).toHaveLength(2);
  });

  test("that the target closed while it was idle costs nobody anything, POST included", async () => {
    const target = await rawTarget();
    const { call } = await world({ targetPort: target.port });
    await call(get("/first")).until("ok");
    target.wires[0]?.socket.destroy();
    await eventually(() => target.open === 0, "the close");
    await call("POST /again HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello").until("ok");
  });
});
