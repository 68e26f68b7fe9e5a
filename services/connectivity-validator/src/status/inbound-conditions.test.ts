import { expect, test } from "vitest";
import { dueConditions } from "./inbound-conditions.ts";

const minute = 60_000;
const now = Date.parse("2030-01-01T12:00:00Z");
const condition = (type: string, reason: string, message: string) => ({
  type,
  status: "True" as const,
  reason,
  message,
  lastTransitionTime: "2029-01-01T00:00:00Z",
});
const accepted = (at: string) => condition("EventsAccepted", "EventAccepted", `The last event was accepted at ${at}`);
const refused = (at: string) =>
  condition("EventsRefused", "SubjectMismatch", `The last refusal was at ${at}: subject_mismatch`);
const stated = ({ lastTransitionTime: _, ...rest }: ReturnType<typeof condition>) => rest;
const seen = (lastAcceptedMs?: number, refusal?: number) => ({
  lastAcceptedMs,
  lastRefusal: refusal === undefined ? undefined : { atMs: refusal, reason: "subject_mismatch" },
});

test.each([
  ["nothing was seen", seen(), [], undefined],
  ["the first event", seen(now), [], [stated(accepted("2030-01-01T12:00:00Z"))]],
  ["the first refusal", seen(undefined, now), [], [stated(refused("2030-01-01T12:00:00Z"))]],
  ["both", seen(now, now), [], [stated(accepted("2030-01-01T12:00:00Z")), stated(refused("2030-01-01T12:00:00Z"))]],
  ["what is known already", seen(now), [accepted("2030-01-01T12:00:00Z")], undefined],
  ["a little later than another replica has written", seen(now), [accepted("2030-01-01T11:59:30Z")], undefined],
  ["earlier than another replica has written", seen(now), [accepted("2030-01-01T13:00:00Z")], undefined],
  [
    "later, and the other condition stays",
    seen(now),
    [refused("2030-01-01T11:59:59Z"), accepted("2030-01-01T11:59:00Z")],
    [stated(accepted("2030-01-01T12:00:00Z")), stated(refused("2030-01-01T11:59:59Z"))],
  ],
  [
    "a message that nobody can read",
    seen(now),
    [condition("EventsAccepted", "X", "at once")],
    [stated(accepted("2030-01-01T12:00:00Z"))],
  ],
])("%s", (_title, what, live, due) => {
  expect(dueConditions(what, live, minute)).toEqual(due);
});
