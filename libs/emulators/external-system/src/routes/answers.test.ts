import { expect, onTestFinished, test } from "vitest";
import { call, rawCall } from "../testing/call.ts";
import { startUntil } from "../testing/start.ts";

const start = startUntil(onTestFinished);

test.each([200, 204, 304, 404, 418, 500, 599, 700])("answers status %i when told", async (status) => {
  const { url } = await start();
  expect((await call(`${url}/status/${status}`)).status).toBe(status);
});

test("sets header lines as told, duplicates included", async () => {
  const { url } = await start();
  const { rawHeaders } = await call(`${url}/headers?X-One=1&set-cookie=a%3D1&set-cookie=b%3D2&x-one=2`);
  expect(rawHeaders.slice(0, 8)).toEqual(["X-One", "1", "set-cookie", "a=1", "set-cookie", "b=2", "x-one", "2"]);
});

test("a header line that HTTP forbids is refused in words", async () => {
  const { url } = await start();
  expect((await call(`${url}/headers?x=a%0Ab`)).status).toBe(400);
});

test("redirects where it is told, with the location as written", async () => {
  const { url } = await start();
  const answer = await call(`${url}/redirect?status=308&location=${encodeURIComponent("//else:1/x?y=%20#f")}`);
  expect([answer.status, answer.headers.location]).toEqual([308, "//else:1/x?y=%20#f"]);
});

test("sends trailers after the body", async () => {
  const { url } = await start();
  expect((await call(`${url}/trailers`)).trailers).toEqual({ "x-checksum": "abc123", "x-note": "done" });
});

test("sends early hints before the answer", async () => {
  const { url } = await start();
  const answer = await call(`${url}/early-hints`);
  expect(answer.interim).toMatchObject([{ status: 103, headers: { "x-hint": "1" } }]);
  expect(answer.status).toBe(200);
});

test("answers 100 Continue to those who expect it", async () => {
  const { port } = await start();
  const head =
    "POST /echo HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n";
  expect(await rawCall(port, `${head}hi`)).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK/);
});
