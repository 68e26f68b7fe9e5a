import { expect, test } from "vitest";
import { eventually, get, rawTarget, takeRequest, type Wire, world } from "./test-world.ts";

/** More than the kernel and both sockets of the proxy can hold together. */
const tooMuch = 200 * 1024 * 1024;
const piece = Buffer.alloc(256 * 1024, "x");

/** Writes until the other side takes no more, and says how much that was. */
function flood(wire: Wire): { written: () => number; finished: Promise<void> } {
  let written = 0;
  let done: () => void;
  const finished = new Promise<void>((resolve) => {
    done = resolve;
  });
  const pump = () => {
    while (written < tooMuch) {
      written += piece.length;
      if (!wire.socket.write(piece)) {
        wire.socket.once("drain", pump);
        return;
      }
    }
    done();
  };
  pump();
  return { written: () => written - wire.socket.writableLength, finished };
}

/** Waits until a number has not changed for a while. */
async function settled(value: () => number): Promise<number> {
  let last = -1;
  for (let same = 0; same < 10; ) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    same = value() === last ? same + 1 : 0;
    last = value();
  }
  return last;
}

test("a client that does not read stops the target, and reading on starts it again", { timeout: 60_000 }, async () => {
  let flooded: ReturnType<typeof flood> | undefined;
  const target = await rawTarget((wire) => {
    if (takeRequest(wire) === undefined) return;
    wire.send(`HTTP/1.1 200 OK\r\nContent-Length: ${tooMuch}\r\n\r\n`);
    flooded = flood(wire);
  });
  const { call, outcome } = await world({ targetPort: target.port });
  const wire = call(get());
  wire.socket.removeAllListeners("data");
  wire.socket.pause();
  await eventually(() => flooded !== undefined, "the request");
  expect(await settled(() => flooded?.written() ?? 0)).toBeLessThan(tooMuch / 4);
  let received = 0;
  wire.socket.on("data", (text: string) => {
    received += text.length;
  });
  wire.socket.resume();
  await flooded?.finished;
  expect(await outcome()).toMatchObject({ responseBytes: tooMuch, complete: true });
  await eventually(() => received > tooMuch, "the whole body");
});

test("a target that does not read stops the client, and reading on starts it again", { timeout: 60_000 }, async () => {
  let received = 0;
  const target = await rawTarget((wire) => {
    if (received === 0) wire.socket.pause();
    received += wire.received.length;
    wire.received = "";
    if (received > tooMuch) wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  const { call, outcome } = await world({ targetPort: target.port });
  const wire = call(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${tooMuch}\r\n\r\n`);
  const { written, finished } = flood(wire);
  await eventually(() => received > 0, "the request");
  expect(await settled(written)).toBeLessThan(tooMuch / 4);
  target.wires[0]?.socket.resume();
  await finished;
  await wire.until("ok");
  expect(await outcome()).toMatchObject({ requestBytes: tooMuch, complete: true });
});
