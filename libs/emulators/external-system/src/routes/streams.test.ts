import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { call, eventually } from "../testing/call.ts";
import { startUntil } from "../testing/start.ts";

const start = startUntil(onTestFinished);

test("a slow answer waits before its head and between its chunks", async () => {
  const { url } = await start();
  const begin = performance.now();
  const answer = await call(`${url}/slow?head_ms=60&body_ms=60&chunks=3`);
  expect(performance.now() - begin).toBeGreaterThan(100);
  expect(answer.body.toString()).toBe("chunk 1 of 3\nchunk 2 of 3\nchunk 3 of 3\n");
});

test("server-sent events come one by one, numbered", async () => {
  const { url } = await start();
  const answer = await call(`${url}/sse?count=3&interval_ms=5`);
  expect(answer.headers["content-type"]).toBe("text/event-stream");
  expect(answer.body.toString().match(/^id: \d+$/gm)).toEqual(["id: 1", "id: 2", "id: 3"]);
});

test("an endless stream ends when its reader goes", async () => {
  const system = await start();
  const stream = request(`${system.url}/sse?interval_ms=10`, { agent: false });
  stream.on("error", () => undefined);
  onTestFinished(() => void stream.destroy());
  stream.end();
  const [response] = (await once(stream, "response")) as [IncomingMessage];
  response.on("error", () => undefined);
  await once(response, "data");
  expect(system.connections.open).toBe(1);
  stream.destroy();
  await eventually(() => system.connections.open === 0);
});
