import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { open } from "./http.ts";
import { headersOf, until, useWorld } from "./world.ts";

const world = useWorld({
  proxyTimeoutMs: 700,
  requestTimeoutMs: 700,
  maxRequestDurationMs: 1_000,
  upgradeIdleTimeoutMs: 1_500,
});

describe("a WebSocket", () => {
  test("AG-58 behind Basic echoes frames both ways, past every limit on ordinary calls", async () => {
    const app = basicApi();
    await world.settled();
    const socket = await webSocket(`/${app}/s/ws?x=1`);
    const startedAt = performance.now();
    for (let round = 0; performance.now() - startedAt < 3_500; round++) {
      expect(await echoed(socket, `message ${round}`)).toBe(`message ${round}`);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    const large = "x".repeat(1_000_000);
    expect(await echoed(socket, large)).toBe(large);
    const [request] = world.target.requests.list();
    expect(request).toMatchObject({ method: "GET", url: "/basic/ws?x=1" });
    expect(headersOf(request ?? { headers: [] }, "authorization")).toEqual([
      `Basic ${Buffer.from("demo:demo").toString("base64")}`,
    ]);
    expect(headersOf(request ?? { headers: [] }, "sec-websocket-version")).toEqual(["13"]);
    expect(await inFlight(app)).toBe(1);
    socket.close(1000, "done");
    const [closed] = await once(socket, "close");
    expect([closed.code, closed.wasClean]).toEqual([1000, true]);
    await until(async () => (await inFlight(app)) === 0);
  });

  test("of many is each its own", async () => {
    const app = basicApi();
    await world.settled();
    const sockets = await Promise.all(Array.from({ length: 30 }, () => webSocket(`/${app}/s/ws`)));
    const echoes = await Promise.all(sockets.map((socket, index) => echoed(socket, String(index))));
    expect(echoes).toEqual(sockets.map((_, index) => String(index)));
  });

  test("is ended when nothing is said for too long", async () => {
    const app = basicApi();
    await world.settled();
    const socket = await webSocket(`/${app}/s/ws`);
    await once(socket, "close");
    await until(async () => (await inFlight(app)) === 0);
  });

  test("is opened with a new token when the first is refused", async () => {
    world.idp.register({ id: "of-web-sockets", secret: "s" });
    const secretName = world.secret({ clientId: "of-web-sockets", clientSecret: "s" });
    const credentials = { type: "OAuth", secretName, authenticationUrl: world.idp.tokenUrl };
    const app = world.api({ targetUrl: `${world.target.url}/oauth`, credentials });
    await world.settled();
    expect((await world.call(`/${app}/s/echo`)).status).toBe(200);
    world.idp.revokeAll();
    const socket = await webSocket(`/${app}/s/ws`);
    expect(await echoed(socket, "hello")).toBe("hello");
  });
});

describe("an upgrade", () => {
  test("to anything is passed on, with the bytes that come along", async () => {
    const app = basicApi();
    await world.settled();
    const { socket, text } = await ask(`/${app}/s/upgrade`, "Upgrade: any/1\r\n", "early");
    await until(() => text().endsWith("early"));
    expect(text()).toMatch(/^HTTP\/1.1 101 Switching Protocols\r\n/);
    expect(text()).toMatch(/\r\nupgrade: any\/1\r\n/i);
    socket.write("late");
    await until(() => text().endsWith("earlylate"));
    socket.end();
    await once(socket, "close");
  });

  test("that the target refuses is answered as any call", async () => {
    const app = world.api({ targetUrl: `${world.target.url}/basic` });
    await world.settled();
    const { socket, text } = await ask(`/${app}/s/ws`, "Upgrade: websocket\r\n");
    await once(socket, "close");
    expect(text()).toMatch(/^HTTP\/1.1 401 Unauthorized\r\n/);
  });

  test.each(["/missing/s/ws", "/"])("of a path that leads nowhere is refused: %s", async (path) => {
    const { socket, text } = await ask(path, "Upgrade: websocket\r\n");
    await once(socket, "close");
    expect(text()).toMatch(/^HTTP\/1.1 40[04] [\s\S]*"code":40[04]/);
  });

  test("to HTTP/2 is none", async () => {
    const app = world.api();
    await world.settled();
    const { text } = await ask(`/${app}/s/upgrade`, "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n");
    await until(() => /^HTTP\/1.1 200 OK\r\n/.test(text()));
    const [request] = world.target.requests.list();
    expect(headersOf(request ?? { headers: [] }, "upgrade")).toEqual([]);
  });
});

function basicApi(): string {
  const secretName = world.secret({ username: "demo", password: "demo" });
  return world.api({ targetUrl: `${world.target.url}/basic`, credentials: { type: "Basic", secretName } });
}

async function webSocket(path: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${world.gateway.ports.proxy}${path}`);
  onTestFinished(() => socket.close());
  await once(socket, "open");
  return socket;
}

async function echoed(socket: WebSocket, text: string): Promise<string> {
  const message = once(socket, "message");
  socket.send(text);
  const [{ data }] = await message;
  return data;
}

/** Asks for an upgrade with raw bytes. */
async function ask(path: string, headers: string, more = ""): Promise<{ socket: Socket; text: () => string }> {
  const socket = await open(world.gateway.ports.proxy);
  let received = "";
  socket.setEncoding("latin1").on("data", (text) => (received += text));
  socket.write(`GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\n${headers}\r\n${more}`);
  return { socket, text: () => received };
}

async function inFlight(app: string): Promise<number> {
  const metrics = (await world.callHealth("/metrics")).body.toString();
  return Number(new RegExp(`^agw_inflight_requests\\{application="${app}".*\\} (\\d+)$`, "m").exec(metrics)?.[1]);
}
