import { connect } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test } from "vitest";
import { listen, readBody } from "../index.ts";
import { eventually } from "../test-world.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

test("bodies that break off leave none of the memory behind that they were read into", async () => {
  const listener = await listen({ port: 0, host: "127.0.0.1", engine: "sockets" }, (exchange) => {
    readBody(exchange, { maxBytes: 1024 * 1024, timeoutMs: 10_000 }, () => undefined);
  });
  onTestFinished(() => listener.stop(AbortSignal.abort()));
  await breakOff(listener.port, 50);
  await eventually(() => listener.inFlight === 0, "the exchanges to be over");
  const before = buffers();
  await breakOff(listener.port, 200);
  await eventually(() => listener.inFlight === 0, "the exchanges to be over");
  // Each was read into a quarter of a mebibyte.
  expect(buffers() - before).toBeLessThan(10);
});

async function breakOff(port: number, times: number): Promise<void> {
  for (let done = 0; done < times; done++) {
    await new Promise<void>((resolve) => {
      const socket = connect({ port, host: "127.0.0.1" });
      socket.on("close", () => resolve());
      const head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
      socket.write(`${head}5\r\nhello\r\n`, () => setTimeout(() => socket.destroy(), 2));
    });
  }
}

function buffers(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers / 1024 ** 2;
}
