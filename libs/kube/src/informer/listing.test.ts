import { expect, test } from "vitest";
import { KubeError } from "../transport/kube-error.ts";
import { createListingChoice } from "./listing.ts";

const error = (status: number, reason = ""): KubeError => new KubeError("failed", { status, reason });
const lost = error(0, "ConnectionLost");

test.each([
  { why: "400", refusal: error(400) },
  { why: "405", refusal: error(405) },
  { why: "422", refusal: error(422) },
  { why: "a watch that says nothing", refusal: error(0, "Silent") },
])("$why to a streaming list is a refusal: the server's cache is asked from then on", ({ refusal }) => {
  const listing = createListingChoice("stream");
  expect(listing.failed(refusal, false)).toBe("refused");
  expect(listing.current).toBe("cache");
});

test("a streaming list that breaks twice is given up for pages", () => {
  const listing = createListingChoice("stream");
  expect(listing.failed(lost, true)).toBeUndefined();
  expect(listing.current).toBe("stream");
  expect(listing.failed(lost, true)).toBe("broken");
  expect(listing.current).toBe("pages");
});

test("breaks count from the last streaming list that was complete", () => {
  const listing = createListingChoice("stream");
  listing.failed(lost, true);
  listing.completed();
  listing.failed(lost, true);
  expect(listing.current).toBe("stream");
});

test("a server that is away, forbids, or an error of our own says nothing about streaming", () => {
  const listing = createListingChoice("stream");
  for (const reason of [error(0, "Unreachable"), error(403), error(503)]) listing.failed(reason, false);
  for (let round = 0; round < 3; round += 1) listing.failed(new Error("a bug"), true);
  expect(listing.current).toBe("stream");
});

test.each(["cache", "pages"] as const)("who wants %s gets that, whatever happens", (wanted) => {
  const listing = createListingChoice(wanted);
  for (let round = 0; round < 3; round += 1) expect(listing.failed(lost, true)).toBeUndefined();
  expect(listing.current).toBe(wanted);
});
