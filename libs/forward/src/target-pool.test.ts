import { expect, test } from "vitest";
import { answerAll, eventually, get, rawTarget, takeRequest, type Wire, world } from "./test-world.ts";

const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

test("connections are used again, the last used first", async () => {
  const target = await rawTarget();
  const { call, outcome } = await world({ targetPort: target.port });
  await Promise.all([1, 2, 3].map((i) => call(get(`/${i}`)).until("ok")));
  const opened = target.wires.length;
  expect(opened).toBeGreaterThan(0);
  for (let i = 4; i < 10; i += 1) {
    await call(get(`/${i}`)).until("ok");
    await outcome(i);
  }
  expect(target.wires).toHaveLength(opened);
  expect(target.wires.filter(({ received }) => /\/[4-9] /.test(received))).toHaveLength(1);
});

test("no more than the allowed connections are opened, and the rest waits its turn in order", async () => {
  const held: Wire[] = [];
  const target = await rawTarget((wire) => {
    if (takeRequest(wire) !== undefined) held.push(wire);
  });
  const { call, listener, target: pool } = await world({ targetPort: target.port, target: { maxConnections: 2 } });
  const wires: Wire[] = [];
  for (let i = 0; i < 6; i += 1) {
    const wire = call(get(`/${i}`));
    wires.push(wire);
    if (i < 2) await eventually(() => held.length === i + 1, "the request");
    else await eventually(() => listener.inFlight === i + 1, "a call that waits");
  }
  expect(pool.inFlight).toBe(2);
  for (let i = 0; i < 6; i += 1) {
    await eventually(() => held.length > i, "the next request");
    held[i]?.send(ok);
    await wires[i]?.until("ok");
  }
  expect(target.wires).toHaveLength(2);
  await eventually(() => pool.inFlight === 0, "all calls to end");
});

test("an unused connection is closed before the target would", async () => {
  const target = await rawTarget();
  const { call } = await world({ targetPort: target.port, target: { keepAliveTimeoutMs: 100 } });
  await call(get()).until("ok");
  await eventually(() => target.open === 0, "the close");
});

test("a target's Keep-Alive is believed", async () => {
  const target = await rawTarget((wire) => {
    if (takeRequest(wire)) wire.send(`HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok`);
  });
  const { call } = await world({ targetPort: target.port, target: { keepAliveTimeoutMs: 600_000 } });
  await call(get()).until("ok");
  await eventually(() => target.open === 0, "the close");
});

test("closing lets running calls end and takes no more", async () => {
  const held: Wire[] = [];
  const target = await rawTarget((wire) => {
    if (takeRequest(wire) !== undefined) held.push(wire);
  });
  const { call, target: pool } = await world({ targetPort: target.port });
  const running = call(get("/running"));
  await eventually(() => held.length === 1, "the request");
  const closed = pool.close();
  await call(get("/late")).until("unreachable");
  held[0]?.send(ok);
  await running.until("ok");
  await closed;
  await eventually(() => target.open === 0, "the connections to be closed");
});

test("destroying breaks what runs and what waits", async () => {
  const target = await rawTarget((wire) => {
    if (!wire.received.includes("/held")) answerAll(wire);
  });
  const { call, listener, target: pool } = await world({ targetPort: target.port, target: { maxConnections: 1 } });
  const running = call(get("/held"));
  await eventually(() => target.received.includes("/held"), "the request");
  const waiting = call(get("/waiting"));
  await eventually(() => listener.inFlight === 2, "a call that waits");
  await pool.destroy();
  await running.until("502");
  await waiting.until("502");
  expect(pool.inFlight).toBe(0);
  await eventually(() => target.open === 0, "the connections to be closed");
});
