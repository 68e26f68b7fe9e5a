import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, open, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
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

test("a client's bytes that are read while a response is being read are no part of it", async () => {
  const freeDisks = blockDisks();
  const target = await rawTarget((wire) => {
    if (wire.received.split("\r\nx\r\n").length < 3_000) return;
    wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
  });
  // Kept on a disk that does not come, so that the client is not read until its target has answered.
  const replay = createReplayStore({ memoryBytes: 0 });
  const { call, outcome } = await world({
    targetPort: target.port,
    listener: { engine },
    target: { engine },
    forward: { replay },
  });
  const wire = call("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  wire.send(`${"1\r\nx\r\n".repeat(9_000)}5\r\nwrong\r\n`);
  const response = await wire.until(/0\r\n\r\n$/);
  expect(response.split("\r\n\r\n").slice(1).join("\r\n\r\n")).toBe("5\r\nhello\r\n0\r\n\r\n");
  wire.send("0\r\n\r\n");
  expect(await outcome()).toMatchObject({ status: 200, complete: true });
  freeDisks();
});

/** Occupies all threads that wait for disks in this process. */
function blockDisks(): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), "blocked-"));
  const pipes = Array.from({ length: 4 }, (_, i) => path.join(folder, `${i}`));
  execFileSync("mkfifo", pipes);
  // Waits for somebody who writes.
  for (const pipe of pipes) open(pipe, "r", (_, fd) => fd !== undefined && closeSync(fd));
  let isFree = false;
  const free = () => {
    if (isFree) return;
    isFree = true;
    for (const pipe of pipes) closeSync(openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK));
    rmSync(folder, { recursive: true });
  };
  onTestFinished(free);
  return free;
}
