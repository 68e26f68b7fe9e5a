import { describe, expect, test } from "vitest";
import {
  dial,
  eventually,
  get,
  type RawTarget,
  rawTarget,
  testedEngine,
  type Wire,
  type WorldOptions,
  world,
} from "./test-world.ts";
import { agreedUpgrade, wantedUpgrade } from "./upgrade.ts";

const ask = (more = "", path = "/ws") =>
  `GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nX-A: 1\r\n${more}\r\n`;
const agree = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-B: 2\r\n\r\n";

describe("an upgrade that the target agrees to", () => {
  test("AG-58 is passed on with its headers, and bytes go both ways as they are", async () => {
    const { client, target, targetWire, outcome } = await upgraded();
    expect(targetWire.received).toBe(
      "GET /ws HTTP/1.1\r\nhost: h\r\nconnection: upgrade\r\nupgrade: websocket\r\nX-A: 1\r\n\r\n",
    );
    expect(client.received).toBe(
      "HTTP/1.1 101 Switching Protocols\r\nX-B: 2\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    );
    const bytes = String.fromCharCode(...Array.from({ length: 256 }, (_, index) => index));
    client.send(bytes);
    await targetWire.until(bytes);
    targetWire.send(`HTTP/1.1 100 Continue\r\n\r\n${bytes}`);
    await client.until(`HTTP/1.1 100 Continue\r\n\r\n${bytes}`);
    client.socket.end();
    await targetWire.untilEnd();
    targetWire.socket.end();
    await client.untilEnd();
    const sizes = { requestBytes: 256, responseBytes: 281 };
    expect(await outcome()).toEqual({ status: 101, targetStatus: 101, tries: 1, complete: true, ...sizes });
    expect(target.open).toBe(0);
  });

  test("loses no byte that comes with a head, from either side", async () => {
    const target = await rawTarget((wire) => {
      if (wire.received.endsWith("\r\n\r\nearly")) wire.send(`${agree}first`);
      else if (wire.received.endsWith("\r\n\r\n")) wire.send(`${agree}first`);
    });
    const { call } = await world({ targetPort: target.port, listener: { upgrades: true } });
    const wire = call(`${ask()}early`);
    await wire.until(/\r\n\r\nfirst$/);
    await target.wires[0]?.until(/\r\n\r\nearly$/);
  });

  test("passes an end on and leaves the other direction open", async () => {
    for (const first of ["client", "target"] as const) {
      const made = await upgraded();
      const [one, other] = first === "client" ? [made.client, made.targetWire] : [made.targetWire, made.client];
      one.send("last words");
      one.socket.end();
      await eventually(() => other.ended, "the end to be passed on");
      expect(other.received.endsWith("last words")).toBe(true);
      other.send("an answer");
      await one.until("an answer");
      other.socket.end();
      await eventually(() => one.ended, "the other end");
      expect(await made.outcome()).toMatchObject({ complete: true });
    }
  });

  test("is not read faster than the other side takes it", async () => {
    for (const slow of ["client", "target"] as const) {
      const made = await upgraded();
      const [reader, writer] = slow === "client" ? [made.client, made.targetWire] : [made.targetWire, made.client];
      reader.socket.pause();
      const size = 40_000_000;
      writer.socket.write(Buffer.alloc(size, "x"));
      let before = -1;
      await eventually(() => {
        const now = writer.socket.bytesWritten - writer.socket.writableLength;
        const isStill = now === before && now > 0;
        before = now;
        return isStill;
      }, "the writer to be stopped");
      expect(writer.socket.writableLength).toBeGreaterThan(0);
      const head = reader.received.length;
      reader.socket.resume();
      await eventually(() => reader.received.length - head >= size, "the rest", 20_000);
    }
  }, 60_000);

  test("has no limit but that on silence", async () => {
    const listener = { maxRequestDurationMs: 200, bodyIdleTimeoutMs: 100, keepAliveTimeoutMs: 100 };
    const forward = { responseTimeoutMs: 200, bodyIdleTimeoutMs: 100, tunnelIdleTimeoutMs: 700 };
    const { client, targetWire, outcome } = await upgraded({ listener, forward });
    const started = performance.now();
    for (let i = 0; i < 4; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      if (i % 2 === 0) client.send("ping");
      else targetWire.send("pong");
    }
    await client.until(/pong.*pong/s);
    expect(performance.now() - started).toBeGreaterThan(1_000);
    await Promise.all([client.untilEnd(), targetWire.untilEnd()]);
    expect(await outcome()).toMatchObject({ status: 101, complete: false, failure: { kind: "timeout" } });
  });

  test.each(["client", "target"] as const)("is broken on both sides when the %s breaks it", async (side) => {
    const { client, targetWire, outcome } = await upgraded();
    const [breaking, other] = side === "client" ? [client, targetWire] : [targetWire, client];
    breaking.socket.resetAndDestroy();
    await eventually(() => other.reset, "the other side to be broken");
    const kind = side === "client" ? "client_gone" : "reset";
    expect(await outcome()).toMatchObject({ complete: false, failure: { kind } });
  });

  test("counts as in flight, keeps its place with the target, and gives it back", async () => {
    const options = { target: { maxConnections: 1, maxQueued: 0 } };
    const { client, targetWire, listener, call, target, pool } = await upgraded(options);
    expect([listener.inFlight, pool.inFlight]).toEqual([1, 1]);
    await call(get()).until("queue_full");
    client.socket.end();
    targetWire.socket.end();
    await eventually(() => listener.inFlight + pool.inFlight === 0, "the end");
    const next = call(ask());
    await next.until("101");
    expect(target.wires).toHaveLength(2);
  });

  test("ends when its listener is stopped, at the deadline", async () => {
    const { client, targetWire, listener, outcome } = await upgraded();
    const deadline = new AbortController();
    const stopped = listener.stop(deadline.signal);
    targetWire.send("still there");
    await client.until("still there");
    deadline.abort();
    await stopped;
    await Promise.all([client.untilEnd(), targetWire.untilEnd()]);
    expect((await outcome()).complete).toBe(false);
  });

  test("ends when its target is destroyed", async () => {
    const { client, pool, listener } = await upgraded();
    await pool.destroy();
    await client.untilEnd();
    await eventually(() => listener.inFlight === 0, "the end");
  });

  test("may be agreed to at the second try", async () => {
    const target = await rawTarget((wire) => {
      if (wire.received.includes("fresh")) wire.send(agree);
      else wire.send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
    });
    const { call, outcome } = await world({
      targetPort: target.port,
      listener: { upgrades: true },
      forward: { reconsider: async () => ({ headers: ["Host", "h", "X-A", "fresh"] }) },
    });
    const wire = call(ask());
    await wire.until("101 Switching");
    wire.socket.end();
    target.wires[1]?.socket.end();
    expect(await outcome()).toMatchObject({ status: 101, tries: 2 });
  });
});

describe("an upgrade that the target does not agree to", () => {
  test.each([
    ["a refusal", "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", /403 Forbidden[\s\S]*no$/],
    ["an ordinary answer", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", /0\r\n\r\n$/],
    ["426", "HTTP/1.1 426 Upgrade Required\r\nUpgrade: x\r\nConnection: Upgrade\r\nContent-Length: 0\r\n\r\n", /426/],
  ])("is answered as usual, and that is the end of the connection: %s", async (_title, answer, seen) => {
    const target = await rawTarget((wire) => wire.send(answer));
    const { call, outcome } = await world({ targetPort: target.port, listener: { upgrades: true } });
    const text = await call(ask()).untilEnd();
    expect(text).toMatch(seen);
    expect(text).toMatch(/\r\nConnection: close\r\n/i);
    expect(await outcome()).toMatchObject({ complete: true });
  });

  test("is answered as a whole, however large and however slowly that is read", async () => {
    const target = await rawTarget((wire) =>
      wire.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 20000000\r\n\r\n${"x".repeat(20_000_000)}`),
    );
    const { call, outcome } = await world({ targetPort: target.port, listener: { upgrades: true } });
    const wire = call(ask());
    wire.socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 200));
    wire.socket.resume();
    expect((await wire.untilEnd()).length).toBeGreaterThan(20_000_000);
    expect(await outcome()).toMatchObject({ responseBytes: 20_000_000, complete: true });
  });

  test.each([
    ["another protocol", agree.replace("websocket", "h2c")],
    ["no protocol", agree.replace("Upgrade: websocket\r\n", "")],
  ])("is a failure when it switches to %s", async (_title, answer) => {
    const target = await rawTarget((wire) => wire.send(answer));
    const { call, outcome } = await world({ targetPort: target.port, listener: { upgrades: true } });
    await call(ask()).until(/502 /);
    expect((await outcome()).failure?.kind).toMatch(/protocol|reset/);
    await eventually(() => target.open === 0, "the target's connection to be closed");
  });

  test("is a timeout when it is not answered, and over when the client leaves", async () => {
    const target = await rawTarget(() => undefined);
    const options = { targetPort: target.port, listener: { upgrades: true }, forward: { responseTimeoutMs: 200 } };
    const { call, outcome } = await world(options);
    await call(ask()).until(/504 [\s\S]*timeout$/);
    for (const leave of ["end", "resetAndDestroy"] as const) {
      const { call, outcome } = await world({ targetPort: target.port, listener: { upgrades: true } });
      const before = target.wires.length;
      const wire = call(ask());
      await eventually(() => target.wires.length > before, "the call");
      wire.socket[leave]();
      expect((await outcome()).failure?.kind).toBe("client_gone");
    }
    expect((await outcome()).failure?.kind).toBe("timeout");
    await eventually(() => target.open === 0, "the target's connections to be closed");
  });
});

describe("what is no upgrade is an ordinary request without the header", () => {
  const plain = (head: string) => `${head}Connection: Upgrade\r\nUpgrade: websocket\r\n`;
  test.each([
    ["where the listener does not allow it", ask(), { upgrades: false }],
    ["h2c", ask().replace("websocket", "h2c"), {}],
    ["HTTP/2.0", ask().replace("websocket", "HTTP/2.0"), {}],
    ["with a body", `${plain("POST / HTTP/1.1\r\nHost: h\r\n")}Content-Length: 2\r\n\r\nhi`, {}],
    ["of HTTP/1.0", `${plain("GET / HTTP/1.0\r\nHost: h\r\n")}\r\n`, {}],
    ["that Connection does not name", "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n", {}],
  ])("%s", async (_title, request, listener) => {
    const target = await rawTarget();
    const { call, outcome } = await world({ targetPort: target.port, listener: { upgrades: true, ...listener } });
    await call(request).until(/200 OK[\s\S]*ok/);
    expect(target.received.toLowerCase()).not.toMatch(/upgrade|h2c|http2/);
    expect(await outcome()).toMatchObject({ status: 200, complete: true });
  });

  test("whose connection goes on", async () => {
    const target = await rawTarget();
    const { call } = await world({ targetPort: target.port });
    const wire = call(ask("", "/1"));
    await wire.until(/200 OK[\s\S]*ok/);
    const [head = "", tail = ""] = ask("", "/2").split(/(?=\n$)/);
    wire.send(head);
    await new Promise((resolve) => setTimeout(resolve, 50));
    wire.send(tail);
    await wire.until(/(200 OK[\s\S]*){2}ok$/);
    wire.send(get("/3"));
    await wire.until(/(200 OK[\s\S]*){3}ok$/);
    expect(wire.received).not.toMatch(/close/i);
  });

  test.each([true, false])("amid pipelined requests (allowed: %s)", async (upgrades) => {
    const target = await rawTarget();
    const { call } = await world({ targetPort: target.port, listener: { upgrades } });
    const wire = call(get("/1") + ask("", "/2") + get("/3"));
    // Node's parser stops at such a request, and loses what came with it: there it is the last that is answered.
    const answers = testedEngine === "node" ? 2 : 3;
    if (testedEngine === "node") {
      await wire.untilEnd();
      expect(wire.received).toMatch(/Connection: close\r\nDate: [^\n]*\n\r\nok$/);
    } else await wire.until(/(200 OK[\s\S]*){3}ok$/);
    expect(wire.received.match(/200 OK/g)).toHaveLength(answers);
    expect(target.received.includes("/3")).toBe(answers === 3);
    expect(target.received.toLowerCase()).not.toContain("upgrade");
  });

  test("h2c is left out of what is asked for beside it", async () => {
    const target = await rawTarget((wire) => wire.send(agree));
    const { call } = await world({ targetPort: target.port, listener: { upgrades: true } });
    await call(ask().replace("websocket", "h2c, websocket")).until("101");
    expect(target.received).toContain("upgrade: websocket\r\n");
    expect(target.received).not.toContain("h2c");
  });
});

test.each([
  [["Upgrade", "websocket"], "websocket"],
  [["upgrade", "WebSocket , foo/2", "UPGRADE", "bar"], "WebSocket, foo/2, bar"],
  [["Upgrade", "h2c, H2, HTTP/2.0, https"], undefined],
  [["Upgrade", "h2c,websocket"], "websocket"],
  [["Upgrade", "web socket"], undefined],
  [["Upgrade", ""], undefined],
  [["X-Upgrade", "websocket"], undefined],
])("%j asks for %j", (headers, wanted) => {
  expect(wantedUpgrade(headers)).toBe(wanted);
});

test("a target may choose among what was asked for, in any case", () => {
  expect(agreedUpgrade(["Upgrade", "WEBSOCKET"], "foo/2, websocket")).toBe("WEBSOCKET");
  expect(() => agreedUpgrade(["Upgrade", "bar"], "foo/2, websocket")).toThrow("not asked for");
  expect(() => agreedUpgrade([], "websocket")).toThrow("not asked for");
});

/** A connection through the listener that has become something else. */
async function upgraded(options: Partial<WorldOptions> = {}) {
  const target: RawTarget = await rawTarget(
    (wire) => {
      if (wire.received.length < 200 && wire.received.endsWith("\r\n\r\n")) wire.send(agree);
    },
    0,
    { allowHalfOpen: true },
  );
  const made = await world({
    targetPort: target.port,
    ...options,
    listener: { upgrades: true, ...options.listener },
  });
  const client: Wire = dial(made.listener.port);
  client.send(ask());
  await client.until("\r\n\r\n");
  const targetWire = target.wires[target.wires.length - 1] as Wire;
  return { ...made, pool: made.target, client, target, targetWire };
}
