import { describe, expect, onTestFinished, test } from "vitest";
import { engines } from "../engine.ts";
import { createReplayStore, type Exchange, listen, type Resend } from "../index.ts";
import {
  answerAll,
  dial,
  eventually,
  get,
  rawTarget,
  takeRequest,
  type Wire,
  type WorldOptions,
  world,
} from "../test-world.ts";

const engine = "sockets";
const ours = (options: WorldOptions) =>
  world({ ...options, listener: { engine, ...options.listener }, target: { engine, ...options.target } });

describe("a connection to a target", () => {
  test.each([
    { title: "has closed", act: ({ socket }: Wire) => void socket.end() },
    { title: "was broken", act: ({ socket }: Wire) => void socket.resetAndDestroy() },
    { title: "says what nobody asked for", act: (wire: Wire) => wire.send("HTTP/1.1 408 Timeout\r\n\r\n") },
  ])("that $title in the moment of its next use: the request has another, whatever its method", async ({ act }) => {
    const target = await rawTarget();
    const { call, outcome } = await ours({ targetPort: target.port });
    const wire = call(get("/1"));
    await wire.until("ok");
    // Both are read in one turn of the loop, the request first: it is not written yet when the other is read.
    wire.send("POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
    act(target.wires[0] as Wire);
    await wire.until(/ok[\s\S]*200 OK[\s\S]*ok$/);
    expect(target.wires[0]?.received).not.toContain("/2");
    expect(await outcome(2)).toMatchObject({ status: 200, tries: 1, complete: true });
  });

  test.each(engines)(
    "gets the head of a POST with its body, and after that the POST is not sent again: %s",
    async (engine) => {
      const target = await rawTarget((wire) => {
        if (wire.received.includes("POST")) wire.socket.resetAndDestroy();
        else answerAll(wire);
      });
      const { call, target: pool } = await world({ targetPort: target.port, listener: { engine }, target: { engine } });
      await call(get("/1")).until("ok");
      const wire = call("POST /2 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
      await eventually(() => pool.inFlight === 1, "the call");
      await call(get("/3")).until("ok");
      expect(target.received).not.toContain("POST");
      wire.send("1\r\nx\r\n");
      await wire.until(/^HTTP\/1.1 502 /);
      expect(target.received.match(/POST/g)).toHaveLength(1);
    },
  );

  test("goes to others when a call is given up before anything of it was sent", async () => {
    const target = await rawTarget();
    const { call, outcome } = await ours({ targetPort: target.port });
    await call(get()).until(/\r\n\r\nok$/);
    const wire = call("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n");
    await wire.until(/^HTTP\/1\.1 400 /);
    await outcome(2);
    await call(get()).until(/\r\n\r\nok$/);
    expect(target.wires).toHaveLength(1);
  });

  test.each(engines)("is used again after a response without a body: %s", async (engine) => {
    const target = await rawTarget((wire) => {
      if (takeRequest(wire) !== undefined) wire.send("HTTP/1.1 204 No Content\r\n\r\n");
    });
    const { call, outcome } = await world({ targetPort: target.port, listener: { engine }, target: { engine } });
    for (let i = 1; i <= 3; i++) {
      await call(get()).until("204 No Content");
      await outcome(i);
    }
    expect(target.wires).toHaveLength(1);
  });

  test.each(engines)("may bring trailers of any number of reads, within the limit of a head: %s", async (engine) => {
    const target = await rawTarget((wire) => {
      if (takeRequest(wire) === undefined) return;
      wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n");
      const send = (left: number): void => {
        wire.send(left === 0 ? "X-End: 1\r\n\r\n" : `X-T: ${"t".repeat(4_000)}\r\n`);
        if (left > 0) setTimeout(() => send(left - 1), 2);
      };
      setTimeout(() => send(10), 2);
    });
    const { call, outcome } = await world({ targetPort: target.port, listener: { engine }, target: { engine } });
    await call(get()).until("X-End: 1\r\n\r\n");
    expect(await outcome()).toMatchObject({ complete: true });
  });

  test("has memory of its own only while much comes in on it", async () => {
    const target = await rawTarget((wire) => {
      if (takeRequest(wire) !== undefined)
        wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n");
    });
    const { call } = await ours({ targetPort: target.port, target: { maxConnections: 500 } });
    await call(get()).until("ok");
    const before = process.memoryUsage().arrayBuffers;
    const wires = Array.from({ length: 300 }, () => call(get()));
    for (const wire of wires) await wire.until("ok");
    expect((process.memoryUsage().arrayBuffers - before) / 1024 ** 2).toBeLessThan(30);
  });
});

test.each(engines)("half of a body is never sent again as the whole of it: %s", async (engine) => {
  const target = await rawTarget((wire) => {
    if (!wire.received.includes("fresh") && wire.received.includes("begin")) {
      wire.send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 7\r\n\r\nrefused");
    } else answerAll(wire);
  });
  const decision = Promise.withResolvers<Resend>();
  let isAsked = false;
  const replay = createReplayStore({ memoryBytes: 1_000, diskBytes: 0 });
  const reconsider = () => {
    isAsked = true;
    return decision.promise;
  };
  const { call, outcome } = await world({
    targetPort: target.port,
    listener: { engine },
    target: { engine },
    forward: { replay, reconsider },
  });
  const wire = call("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\n");
  await eventually(() => isAsked && replay.bytes > 0, "the question");
  wire.send(`800\r\n${"x".repeat(0x800)}\r\n3\r\nend\r\n0\r\n\r\n`);
  await eventually(() => replay.bytes === 0, "more than can be kept");
  decision.resolve({ headers: ["Host", "h", "Authorization", "fresh"] });
  await wire.until(/^HTTP\/1.1 401 [\s\S]*refused$/);
  expect(await outcome()).toMatchObject({ status: 401, tries: 1 });
  expect(target.received).not.toContain("fresh");
});

describe("a client's connection", () => {
  test("does not keep others waiting with requests that are answered at once", async () => {
    let inTurn = 0;
    let most = 0;
    let isCounting = false;
    const port = await serve((exchange) => {
      inTurn += 1;
      most = Math.max(most, inTurn);
      if (!isCounting) {
        isCounting = true;
        setImmediate(() => {
          isCounting = false;
          inTurn = 0;
        });
      }
      exchange.answer({ status: 200, headers: [], body: exchange.url });
    });
    const wire = dial(port);
    wire.send(Array.from({ length: 1_000 }, (_, i) => get(`/${i}/`)).join(""));
    const text = await wire.until("/999/");
    expect(text.match(/\/\d+\//g)).toEqual(Array.from({ length: 1_000 }, (_, i) => `/${i}/`));
    expect(most).toBeLessThanOrEqual(32);
  });

  test("that goes on after its last request has an end", async () => {
    const port = await serve((exchange) => exchange.answer({ status: 200, headers: [], body: "ok" }));
    const wire = dial(port);
    // The trailer says that it is the last, when the answer is on its way.
    wire.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nConnection: close\r\n\r\n");
    await wire.until("ok");
    wire.send(get());
    await wire.untilEnd();
    expect(wire.received.match(/HTTP/g)).toHaveLength(1);
    // It keeps its own side open.
    await eventually(() => {
      wire.send("x");
      return wire.closed;
    }, "the end of the connection");
  });

  test("with a broken request gets to its answer, however much it sends", async () => {
    const port = await serve(() => undefined);
    const wire = dial(port);
    let isWritten = false;
    wire.socket.pause();
    wire.socket.write(`no request\r\n\r\n${"x".repeat(8 * 1024 * 1024)}`, (error) => {
      isWritten = error == null;
    });
    await eventually(() => isWritten || wire.closed, "all to be sent");
    expect(isWritten).toBe(true);
    wire.socket.resume();
    expect(await wire.untilEnd()).toMatch(/^HTTP\/1.1 400 /);
  });

  test("whose response was on its way when the listener closed ends with it", async () => {
    const target = await rawTarget((wire) => {
      if (takeRequest(wire) !== undefined) wire.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok");
    });
    const { call, listener } = await ours({ targetPort: target.port });
    const wire = call(get());
    await wire.until("ok");
    const stopped = listener.stop(AbortSignal.timeout(9_000));
    target.wires[0]?.send("ok");
    await wire.until("okok");
    await stopped;
    expect(wire.reset).toBe(false);
    await eventually(() => wire.ended, "the end");
  });
});

async function serve(handle: (exchange: Exchange) => void): Promise<number> {
  const listener = await listen({ engine, port: 0, host: "127.0.0.1" }, handle);
  onTestFinished(() => listener.stop(AbortSignal.abort()));
  return listener.port;
}
