import { once } from "node:events";
import { connect } from "node:net";
import { createAuthority } from "@application-connector/x509";
import { expect, onTestFinished, test } from "vitest";
import { call, rawCall } from "../testing/call.ts";
import { startUntil } from "../testing/start.ts";

const start = startUntil(onTestFinished);

test.each([
  ["reset-before-head", /ECONNRESET|hang up/],
  ["reset-mid-head", /ECONNRESET|hang up/],
  ["garbage-head", /Parse Error/],
  ["reset-mid-chunk", /ECONNRESET|aborted/],
  ["short-content-length", /aborted/],
  ["bad-chunk", /Parse Error|aborted/],
  ["missing-last-chunk", /aborted/],
  ["close-without-response", /hang up/],
])("/broken/%s breaks a client's call", async (name, message) => {
  const { url } = await start();
  await expect(call(`${url}/broken/${name}`)).rejects.toThrow(message);
  expect((await call(`${url}/status/200`)).status).toBe(200);
});

test("conflicting content lengths both stand in the head", async () => {
  const { port } = await start();
  const answer = await rawCall(port, "GET /broken/conflicting-content-length HTTP/1.1\r\nHost: t\r\n\r\n");
  expect(answer).toContain("content-length: 5\r\ncontent-length: 7\r\n");
});

test("an answer without framing ends with its connection", async () => {
  const { url } = await start();
  expect((await call(`${url}/broken/until-close`)).body.toString()).toBe("ended by closing");
});

test("no-response stays silent until the system stops", async () => {
  const system = await start();
  const socket = connect(system.port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => undefined);
  const closed = once(socket, "close");
  socket.write("GET /broken/no-response HTTP/1.1\r\nHost: t\r\n\r\n");
  await expect.poll(() => system.requests.total).toBe(1);
  expect(socket.readable).toBe(true);
  await system.stop();
  await closed;
});

test("breaks TLS connections as well", async () => {
  const authority = createAuthority({ subject: "CN=Test CA" });
  const { tlsUrl } = await start({ authority });
  const broken = call(`${tlsUrl}/broken/reset-before-head`, { ca: authority.certificate });
  await expect(broken).rejects.toThrow(/ECONNRESET|hang up/);
});
