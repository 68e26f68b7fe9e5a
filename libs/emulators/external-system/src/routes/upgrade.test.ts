import { once } from "node:events";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { callJson, rawCall } from "../testing/call.ts";
import { startUntil } from "../testing/start.ts";

const start = startUntil(onTestFinished);

test.each([5, 200, 70_000])("a WebSocket echoes a message of %i characters", async (length) => {
  const { port } = await start();
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
  onTestFinished(() => socket.close());
  await once(socket, "open");
  socket.send("m".repeat(length));
  const [{ data }] = (await once(socket, "message")) as [MessageEvent];
  expect(data).toBe("m".repeat(length));
});

test("a WebSocket behind Basic is refused in HTTP without the credential", async () => {
  const { port } = await start();
  const head = "GET /basic/ws HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
  expect(await rawCall(port, head)).toMatch(/^HTTP\/1.1 401 /);
});

test("any other protocol gets its bytes back", async () => {
  const { port } = await start();
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.write("GET /upgrade HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\nUpgrade: own/1\r\n\r\nearly");
  let answer = "";
  socket.on("data", (bytes: Buffer) => {
    answer += bytes.toString("latin1");
  });
  await expect.poll(() => answer).toMatch(/^HTTP\/1.1 101 [\s\S]*upgrade: own\/1\r\n[\s\S]*\r\n\r\nearly$/);
});

test("elsewhere an Upgrade header is only echoed", async () => {
  const { url } = await start();
  const echo = await callJson<{ headers: [string, string][] }>(`${url}/echo`, {
    headers: { connection: "Upgrade", upgrade: "websocket" },
  });
  expect(echo.headers).toContainEqual(["upgrade", "websocket"]);
});
