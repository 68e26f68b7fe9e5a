import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { dial, random, type Wire, world } from "./test-world.ts";

/** Answers with the request's body, in one piece or in several, sized or chunked, as the path says. */
async function echo(): Promise<number> {
  const server = createHttpServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const body = Buffer.concat(pieces);
      const [, framing, cut] = (request.url as string).split("/") as [string, string, string];
      if (framing === "sized") response.setHeader("Content-Length", body.length);
      response.setHeader("X-Method", request.method as string);
      response.write(body.subarray(0, Number(cut)));
      setImmediate(() => response.end(body.subarray(Number(cut))));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test.each([1, 2])(
  "exchanges split at random places arrive whole, connection after connection (seed %i)",
  async (seed) => {
    const next = random(seed);
    const { listener, outcome } = await world({ targetPort: await echo() });
    const perConnection = 60;
    const one = async (wire: Wire) => {
      for (let i = 0; i < perConnection; i += 1) {
        const method = ["GET", "POST", "PUT", "DELETE", "PATCH", "REPORT"][next(6)] as string;
        const size = [0, 1, 100, 16_384, 16_385, 70_000][next(6)] as number;
        const body = String.fromCharCode(97 + next(26)).repeat(size);
        const path = `/${next(2) === 0 ? "sized" : "chunked"}/${next(size + 1)}`;
        wire.received = "";
        await sendInPieces(wire, render(method, path, body, next), next);
        const response = await received(wire);
        expect(response).toEqual({ method, body });
      }
    };
    await Promise.all(Array.from({ length: 8 }, () => one(dial(listener.port))));
    expect((await outcome(8 * perConnection)).complete).toBe(true);
    expect(listener.inFlight).toBe(0);
  },
);

function render(method: string, path: string, body: string, next: (below: number) => number): string {
  const head = `${method} ${path} HTTP/1.1\r\nHost: h\r\n`;
  if (body === "" && next(2) === 0) return `${head}\r\n`;
  if (next(2) === 0) return `${head}Content-Length: ${body.length}\r\n\r\n${body}`;
  const cut = next(body.length + 1);
  const chunks = [body.slice(0, cut), body.slice(cut)].filter((chunk) => chunk !== "");
  const coded = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join("");
  return `${head}Transfer-Encoding: chunked\r\n\r\n${coded}0\r\n\r\n`;
}

async function sendInPieces(wire: Wire, text: string, next: (below: number) => number): Promise<void> {
  const cuts = Array.from({ length: next(4) }, () => next(text.length)).sort((a, b) => a - b);
  let from = 0;
  for (const cut of [...cuts, text.length]) {
    wire.send(text.slice(from, cut));
    from = cut;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function received(wire: Wire): Promise<{ method: string | undefined; body: string }> {
  await wire.until("\r\n\r\n");
  const start = wire.received.indexOf("\r\n\r\n") + 4;
  const head = wire.received.slice(0, start);
  const method = /X-Method: (\w+)/.exec(head)?.[1];
  const length = /Content-Length: (\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    while (wire.received.length < start + Number(length)) await new Promise((resolve) => setImmediate(resolve));
    return { method, body: wire.received.slice(start) };
  }
  await wire.until(/(^|\r\n)0\r\n\r\n$/);
  let body = "";
  for (let at = start; ; ) {
    const line = wire.received.indexOf("\r\n", at);
    const size = Number.parseInt(wire.received.slice(at, line), 16);
    if (size === 0) return { method, body };
    body += wire.received.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
}
