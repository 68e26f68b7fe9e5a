import { expect, test } from "vitest";
import { dial, eventually, get, random, rawTarget, takeRequest, world } from "./test-world.ts";

test.each([1, 2, 3])(
  "no answer ever reaches another exchange, whoever gives up or sends too much (seed %i)",
  { timeout: 60_000 },
  async (seed) => {
    const next = random(seed);
    const target = await rawTarget((wire) => {
      for (let request = takeRequest(wire); request !== undefined; request = takeRequest(wire)) {
        const path = request.split(" ")[1] as string;
        const body = `<${path}>`;
        const response = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
        const pieces = [
          [response],
          [response.slice(0, 50), response.slice(50)],
          [`HTTP/1.1 103 Early Hints\r\n\r\n${response}`],
          // One for nobody. Were it to come only after the next request was sent, nothing in HTTP/1.1 could tell.
          [`${response}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL`],
          [],
        ][next(5)] as string[];
        pieces.forEach((piece, i) => void setTimeout(() => wire.socket.writable && wire.send(piece), i * next(10)));
      }
    });
    const there = await world({
      targetPort: target.port,
      target: { maxConnections: 4 },
      forward: { responseTimeoutMs: 300 },
    });
    let answered = 0;
    const one = async (client: number) => {
      for (let i = 0; i < 40; i += 1) {
        const path = `/${client}/${i}/`;
        const wire = dial(there.listener.port);
        const body = next(3) === 0 ? "x".repeat(next(40_000)) : "";
        const framing = `Connection: close\r\n${body === "" ? "" : `Content-Length: ${body.length}\r\n`}`;
        wire.send(`${get(path, framing)}${body}`);
        if (next(4) === 0) setTimeout(() => wire.socket.destroy(), next(20));
        await eventually(() => wire.ended || wire.closed, path);
        wire.socket.destroy();
        expect(wire.received).not.toContain("EVIL");
        const got = /<.*>/.exec(wire.received)?.[0];
        if (got === undefined) continue;
        expect(got).toBe(`<${path}>`);
        answered += 1;
      }
    };
    await Promise.all(Array.from({ length: 12 }, (_, client) => one(client)));
    expect(answered).toBeGreaterThan(100);
    await eventually(() => there.listener.inFlight === 0 && there.target.inFlight === 0, "all exchanges to be over");
  },
);

test("calls that wait while the first connection fails its handshake fail too, one after the other, and end nothing else", async () => {
  const target = await rawTarget(({ socket }) => void socket.destroy());
  const { call, outcomes, outcome } = await world({
    targetPort: target.port,
    target: { origin: `https://127.0.0.1:${target.port}` },
  });
  const wires = Array.from({ length: 20 }, () => call(get()));
  await outcome(20);
  for (const wire of wires) await wire.until(/^HTTP\/1.1 502 /);
  // What the connection died of depends on how far its handshake was.
  expect(outcomes.filter(({ failure }) => !["tls", "reset"].includes(failure?.kind ?? ""))).toEqual([]);
});
