import { createHash } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { expect } from "vitest";
import { attempt } from "./attempt.ts";
import type { GatewayProcess } from "./gateway-process.ts";
import { until, type World } from "./world.ts";

const mebibyte = 1024 * 1024;
const block = Buffer.alloc(mebibyte, "0123456789abcdef");

/** A body of this size passes in each direction, and the program's resident memory grows by less than 64 MiB (DV-9). */
export async function passesLargeBodies(world: World, gateway: GatewayProcess, sizeMiB: number): Promise<void> {
  const app = world.api();
  await until(async () => (await attempt(gateway.ports.proxy, `/${app}/s/x`)).status === 200);
  // Both ways once, for what every process needs when it does something for the first time.
  await download(gateway.ports.proxy, `/${app}/s/bytes/${8 * mebibyte}`);
  await upload(gateway.ports.proxy, `/${app}/s/sink`, 8);
  const bytes = sizeMiB * mebibyte;
  for (const kind of ["bytes", "chunked"]) {
    const passed = await within64MiB(gateway, () => download(gateway.ports.proxy, `/${app}/s/${kind}/${bytes}`));
    expect(passed).toEqual({ status: 200, bytes });
  }
  for (const method of ["POST", "PUT"]) {
    const passed = await within64MiB(gateway, () => upload(gateway.ports.proxy, `/${app}/s/sink`, sizeMiB, method));
    expect(passed).toEqual({ bytes, sha256: digestOf(sizeMiB) });
  }
}

/** The streams are silent from their first event on, and a busy machine takes long to open them all. */
export const patient = ["--proxyTimeout=120"];

/** The most that is resident during the action is less than 64 MiB above what was before it. */
async function within64MiB<T>(gateway: GatewayProcess, action: () => Promise<T>): Promise<T> {
  await gateway.memory();
  gateway.forgetPeak();
  const before = gateway.resident().now;
  const result = await action();
  expect(gateway.resident().peak - before).toBeLessThan(64);
  return result;
}

/** What a silent stream may cost in resident memory: sockets, parsers and the two halves of an exchange. */
const residentPerStreamKiB = 64;
/** What may be left of it: less than the least of what it holds, so that streams that are kept are seen. */
const leftPerStreamKiB = 8;

/**
 * So many streams are open and silent: each has got its first event, and none costs more than some buffers. `before` of
 * them are opened and closed first, for memory that only ever grows to what was needed once.
 */
export async function holdsIdleStreams(
  world: World,
  gateway: GatewayProcess,
  { count, before: earlier }: { count: number; before: number },
): Promise<void> {
  const app = world.api();
  await until(async () => (await attempt(gateway.ports.proxy, `/${app}/s/x`)).status === 200);
  for (const { socket } of await openStreams(gateway, app, earlier)) socket.destroy();
  await until(() => world.target.connections.open < 100, 20_000);
  const before = await gateway.memory();
  const residentBefore = gateway.resident().now;

  const streams = await openStreams(gateway, app, count);
  expect(world.target.connections.open).toBeGreaterThanOrEqual(count);
  await gateway.memory();
  const residentKiB = (gateway.resident().now - residentBefore) * 1024;
  expect(residentKiB / count).toBeLessThan(residentPerStreamKiB);
  // A client that comes now is served as before.
  expect((await attempt(gateway.ports.proxy, `/${app}/s/x`)).status).toBe(200);
  expect(streams.filter(({ socket }) => socket.closed)).toEqual([]);

  for (const { socket } of streams) socket.destroy();
  await until(() => world.target.connections.open < 100, 20_000);
  const leftKiB = async (): Promise<number> => {
    const { heapMiB, buffersMiB } = await gateway.memory();
    return (heapMiB + buffersMiB - before.heapMiB - before.buffersMiB) * 1024;
  };
  // The target has seen the last of its connections; the program may still be closing some of its own.
  await expect
    .poll(async () => (await leftKiB()) / count, { timeout: 20_000, interval: 500 })
    .toBeLessThan(leftPerStreamKiB);
}

interface Stream {
  readonly socket: Socket;
  readonly events: () => number;
}

/** Resolves when each has got its first event. */
async function openStreams(gateway: GatewayProcess, app: string, count: number): Promise<Stream[]> {
  const streams: Stream[] = [];
  for (let opened = 0; opened < count; opened += 100) {
    const batch = await Promise.all(Array.from({ length: 100 }, () => openStream(gateway, app)));
    streams.push(...batch);
    await until(() => batch.every(({ events }) => events() === 1));
  }
  return streams;
}

async function openStream({ ports }: GatewayProcess, app: string): Promise<Stream> {
  const socket = connect({ port: ports.proxy, host: "127.0.0.1" });
  let text = "";
  socket.on("error", () => undefined);
  socket.setEncoding("latin1").on("data", (piece) => (text += piece));
  await once(socket, "connect");
  // The next event comes after an hour.
  socket.write(`GET /${app}/s/sse?interval_ms=3600000 HTTP/1.1\r\nHost: h\r\nAccept: text/event-stream\r\n\r\n`);
  return { socket, events: () => text.split("event: tick").length - 1 };
}

function download(port: number, path: string): Promise<{ status: number; bytes: number }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, agent: false }, (response) => {
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, bytes }));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end();
  });
}

/** What the target says that it got. POST with a length, PUT in chunks. */
function upload(port: number, path: string, sizeMiB: number, method = "POST"): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = method === "POST" ? { "Content-Length": sizeMiB * mebibyte } : {};
    const sent = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece) => (text += piece));
      response.on("end", () => resolve(JSON.parse(text)));
      response.on("error", reject);
    });
    sent.on("error", reject);
    let left = sizeMiB;
    const more = (): void => {
      while (left > 0) {
        left--;
        if (!sent.write(block)) return;
      }
      sent.off("drain", more).end();
    };
    sent.on("drain", more);
    more();
  });
}

function digestOf(sizeMiB: number): string {
  const hash = createHash("sha256");
  for (let done = 0; done < sizeMiB; done++) hash.update(block);
  return hash.digest("hex");
}
