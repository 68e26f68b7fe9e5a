import { createHash, randomBytes } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { call, callJson } from "../testing/call.ts";
import { startUntil } from "../testing/start.ts";
import { sizedBody } from "./sizes.ts";

const start = startUntil(onTestFinished);

test.each([0, 1, 65_536, 200_001])("a body of %i bytes comes with its length", async (size) => {
  const { url } = await start();
  const answer = await call(`${url}/bytes/${size}`);
  expect(answer.headers["content-length"]).toBe(String(size));
  expect(answer.body.equals(sizedBody(size))).toBe(true);
});

test.each([1000, 16_384, 60_000])("a chunked body in chunks of %i bytes is the same body", async (chunk) => {
  const { url } = await start();
  const answer = await call(`${url}/chunked/1048576?chunk=${chunk}`);
  expect(answer.headers["transfer-encoding"]).toBe("chunked");
  expect(answer.body.equals(sizedBody(1_048_576))).toBe(true);
});

test("HEAD has the length and no body", async () => {
  const { url } = await start();
  const answer = await call(`${url}/bytes/12345`, { method: "HEAD" });
  expect(answer.headers["content-length"]).toBe("12345");
  expect(answer.body.length).toBe(0);
});

test("the sink counts and hashes what it swallows", async () => {
  const { url } = await start();
  const body = randomBytes(5_000_000);
  const sha256 = createHash("sha256").update(body).digest("hex");
  expect(await callJson(`${url}/sink`, { method: "PUT", body })).toEqual({ bytes: body.length, sha256 });
});
