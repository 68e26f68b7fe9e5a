import { connect } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientElement, GW, X } from "./certificates.ts";
import { anyBody, binaryEvent } from "./events.ts";
import { request, startWorld, type World } from "./world.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const rounds = 1_000;
const mebibyte = 1024 * 1024;
const xfcc = X("compat", "CN=std");

const openSockets = () => process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length;

async function memoryAfterCollection(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function repeat(times: number, inParallel: number, action: (at: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < times; at = next++) await action(at);
  };
  await Promise.all(Array.from({ length: inParallel }, worker));
}

async function inFlight({ health }: World): Promise<number> {
  return Number(/connectivity_validator_inflight (\d+)/.exec((await health("/metrics")).text)?.[1]);
}

/** A thousand of it leave no socket, no request in flight and no memory behind, and the validator goes on. */
async function leavesNothing(world: World, action: (at: number) => Promise<unknown>, inParallel = 20): Promise<void> {
  await repeat(100, inParallel, action);
  world.echo.seen.length = 0;
  await expect.poll(openSockets, { timeout: 10_000 }).toBeLessThanOrEqual(socketsOfRest);
  const before = await memoryAfterCollection();
  await repeat(rounds, inParallel, action);
  world.echo.seen.length = 0;
  await expect.poll(openSockets, { timeout: 10_000 }).toBeLessThanOrEqual(socketsOfRest);
  await expect.poll(() => inFlight(world), { timeout: 10_000 }).toBe(0);
  // A kept socket costs some 10 KiB, a kept request about as much: a thousand would show. The heap moves by a few MiB anyway.
  await expect
    .poll(async () => (await memoryAfterCollection()) - before, { timeout: 10_000 })
    .toBeLessThan(7 * mebibyte);
}

/** The watch on the API server at both ends, and what the pool to Eventing may keep at both ends for a moment. */
let socketsOfRest = 0;

const event = binaryEvent("std");
const status = (world: World, more: Parameters<World["call"]>[1]) =>
  world.call("/std/events", { headers: event, body: anyBody, ...more }).then((response) => response.status);

function vanish(world: World, bytes: Buffer, until: "sent" | "asked"): Promise<void> {
  return new Promise((resolve, reject) => {
    const before = world.echo.seen.length;
    const socket = connect(world.validator.ports.proxy, "127.0.0.1");
    socket.on("error", reject).on("close", () => resolve());
    socket.write(bytes, () => {
      if (until === "sent") socket.destroy();
      else {
        const timer = setInterval(() => {
          if (world.echo.seen.length <= before) return;
          clearInterval(timer);
          socket.destroy();
        }, 1);
      }
    });
  });
}

describe("Eventing answers", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    await world.call("/std/events", { xfcc, body: anyBody });
    socketsOfRest = openSockets() + 45;
  });
  afterAll(() => world.stop());

  test("1,000 malformed headers", async () => {
    const malformed = [
      `${xfcc},`,
      'Subject="CN=std',
      `${clientElement("compat", "CN=a,")}${GW}`,
      "\x01",
      '"'.repeat(5_000),
    ];
    await leavesNothing(world, async (at) => {
      const { status } = await world.call("/std/events", { xfcc: `${malformed[at % 5]}`, headers: [`X-Nr: ${at}`] });
      expect([403, 400]).toContain(status);
    });
  });

  test("1,000 different names in well-formed headers", async () => {
    let nr = 0;
    await leavesNothing(world, async () => {
      expect(await status(world, { xfcc: X("compat", `CN=stranger-${nr++},OU=${"x".repeat(300)}`) })).toBe(403);
    });
  });

  test("1,000 times two header lines", async () => {
    await leavesNothing(world, async () => expect(await status(world, { xfcc: [xfcc, xfcc] })).toBe(403));
  });

  test("1,000 oversized header blocks", async () => {
    const large = `X-Large: ${"a".repeat(100 * 1024)}`;
    await leavesNothing(world, async () => expect(await status(world, { xfcc, headers: [large], body: "" })).toBe(431));
  });

  test("1,000 bodies above the limit", async () => {
    const headers = [...event, "Content-Length: 99999999"];
    await leavesNothing(world, async () => expect(await status(world, { xfcc, headers, body: "" })).toBe(413));
  });

  test("1,000 clients that go away in the middle of their body", async () => {
    const whole = request("/std/events", { xfcc, headers: event, body: "x".repeat(50_000) });
    await leavesNothing(world, () => vanish(world, whole.subarray(0, -10_000), "sent"));
    expect(world.echo.seen.filter(({ complete }) => complete)).toEqual([]);
  });
});

describe("Eventing never answers", () => {
  let world: World;
  beforeAll(async () => {
    socketsOfRest = openSockets();
    world = await startWorld({ flags: ["--proxyTimeout=300ms"] });
    socketsOfRest = openSockets() + 5;
    world.echo.hang();
  });
  afterAll(() => world.stop());

  test("1,000 requests are told so", async () => {
    await leavesNothing(world, async () => expect(await status(world, { xfcc })).toBe(504), 100);
    await expect.poll(() => world.echo.connections).toBe(0);
  });

  test("1,000 clients that do not wait for it", async () => {
    const bytes = request("/std/events", { xfcc, headers: event, body: anyBody });
    await leavesNothing(world, () => vanish(world, bytes, "asked"));
    await expect.poll(() => world.echo.connections).toBe(0);
  });
});
