import { expect, test } from "vitest";
import { valuesOf } from "./http.ts";
import { echoOf, headersOf, useWorld } from "./world.ts";

const world = useWorld();
const generated = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

test("the id of a request is sent on to the target as the caller gave it", async () => {
  const app = world.api();
  await world.settled();
  const answer = await world.call(`/${app}/s/x`, { headers: ["x-request-id", "mine-1"] });
  expect(headersOf(echoOf(answer), "x-request-id")).toEqual(["mine-1"]);
});

test.each([
  ["none", []],
  ["one that no log could show", ["X-Request-Id", "a b"]],
  ["one without end", ["X-Request-Id", "x".repeat(10_000)]],
])("a request with %s gets an id", async (_, headers) => {
  const app = world.api();
  await world.settled();
  const seen = headersOf(echoOf(await world.call(`/${app}/s/x`, { headers })), "x-request-id");
  expect(seen).toEqual([expect.stringMatching(generated)]);
});

test("an error carries the id that the target was given", async () => {
  const app = world.api();
  await world.settled();
  const answer = await world.call(`/${app}/s/broken/reset-before-head`);
  expect(answer.status).toBe(502);
  const [id] = valuesOf(answer, "x-request-id");
  const sent = world.target.requests.list().flatMap((request) => headersOf(request, "x-request-id"));
  expect(new Set(sent)).toEqual(new Set([id]));
});
