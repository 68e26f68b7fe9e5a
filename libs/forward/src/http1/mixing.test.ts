import { expect, test } from "vitest";
import { createReplayStore } from "../index.ts";
import { eventually, get, rawTarget, type Wire, world } from "../test-world.ts";

const engine = "sockets";

test("what a client still sends after its target has answered never gets into the request of another", async () => {
  const answered = new Set<Wire>();
  const target = await rawTarget((wire) => {
    if (answered.has(wire) || !wire.received.includes("/early")) return;
    answered.add(wire);
    wire.send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno");
  });
  let decide: (value: undefined) => void = () => undefined;
  const decision = new Promise<undefined>((resolve) => {
    decide = resolve;
  });
  let isAsked = false;
  const { call, outcome } = await world({
    targetPort: target.port,
    listener: { engine },
    target: { engine, maxConnections: 1 },
    forward: {
      replay: createReplayStore(),
      reconsider: () => {
        isAsked = true;
        return decision;
      },
    },
  });
  const early = call("POST /early HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n12345");
  await eventually(() => isAsked, "the question");
  await eventually(() => target.open === 0, "the end of the first connection");
  // It gets the place that the first one had.
  const other = call(get("/other"));
  await eventually(() => target.wires[1]?.received.includes("/other") === true, "the second request");
  early.send("GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n".padEnd(99_995, "x"));
  // Whoever comes later is answered later: by then those bytes were read.
  for (let i = 0; i < 3; i++) await call("no request\r\n\r\n").until("400");
  target.wires[1]?.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  await other.until("\r\n\r\nok");
  decide(undefined);
  await early.until("401");
  await outcome(2);
  expect(target.received).not.toContain("smuggled");
});
