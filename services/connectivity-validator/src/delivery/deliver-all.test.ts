import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { tellBatch } from "../proxy/tell.ts";
import { deliverAll } from "./deliver-all.ts";
import type { DeliverableEvent, Delivery, DeliveryFailure } from "./delivery.ts";

const event = (id: string, source = "a"): DeliverableEvent => ({
  application: "app",
  route: "events",
  path: "/publish",
  headers: [],
  body: Buffer.from(id),
  context: { id, source, type: "t" },
});
const answer = (status: number) => ({ status, headers: ["Content-Length", "1"], body: Buffer.from("x") });
const passed = new Set<number>();

/** Answers by id; notes in which order and how many at a time. */
function recording(outcome: (id: string) => number | DeliveryFailure) {
  const tried: string[] = [];
  let running = 0;
  let most = 0;
  const delivery: Delivery = {
    async deliver({ context }) {
      const id = context?.id ?? "";
      tried.push(id);
      running++;
      most = Math.max(most, running);
      await turn();
      running--;
      const result = outcome(id);
      return typeof result === "number" ? answer(result) : result;
    },
  };
  return { delivery, tried, most: () => most };
}
const publish = async (
  events: DeliverableEvent[],
  outcome: (id: string) => number | DeliveryFailure,
  ended: () => DeliveryFailure | undefined = () => undefined,
) => {
  const { delivery, tried, most } = recording(outcome);
  const results = await deliverAll(delivery, events, ended);
  return { told: tellBatch(results, events, passed), tried, most: most() };
};
const statusesIn = ({ told }: Awaited<ReturnType<typeof publish>>) => {
  if (!("answer" in told) || told.answer.status !== 207) throw new Error("not mixed");
  const { results } = JSON.parse(String(told.answer.body)) as { results: { status: number }[] };
  return results.map(({ status }) => status);
};

test("events of one source keep their order, and four sources go at a time", async () => {
  const events = ["a", "b", "c", "d", "e", "f"].flatMap((source) =>
    ["1", "2", "3"].map((id) => event(source + id, source)),
  );
  const { told, tried, most } = await publish(events, () => 204);
  expect(told).toEqual({ answer: { status: 204, headers: [] }, reason: "" });
  expect(most).toBe(4);
  expect(tried).toHaveLength(18);
  for (const source of ["a", "b", "c", "d", "e", "f"])
    expect(tried.filter((id) => id.startsWith(source))).toEqual([`${source}1`, `${source}2`, `${source}3`]);
});

test("no events are no work", async () => {
  expect((await publish([], () => 500)).told).toEqual({ answer: { status: 204, headers: [] }, reason: "" });
});

test("a mixed end tells what became of each", async () => {
  const result = await publish([event("1"), event("2"), event("3", "b")], (id) => (id === "2" ? 400 : 200));
  if (!("answer" in result.told)) throw new Error("no answer");
  expect(result.told.answer.status).toBe(207);
  expect(JSON.parse(String(result.told.answer.body))).toEqual({
    results: [
      { index: 0, id: "1", source: "a", status: 204 },
      { index: 1, id: "2", source: "a", status: 400 },
      { index: 2, id: "3", source: "b", status: 204 },
    ],
  });
});

test("one that is refused for itself does not hold up those behind it", async () => {
  const result = await publish([event("1"), event("2"), event("3")], (id) => (id === "2" ? 400 : 204));
  expect(result.tried).toEqual(["1", "2", "3"]);
  expect(statusesIn(result)).toEqual([204, 400, 204]);
});

test.each([
  ["an Eventing that cannot take events", () => 503, 502],
  ["one that is full", () => 507, 502],
  ["one that has enough", () => 429, 429],
  ["one that is away", (): DeliveryFailure => ({ kind: "unreachable" }), 502],
  ["one that does not answer", (): DeliveryFailure => ({ kind: "timeout" }), 504],
])("later events of a source are not tried when there is %s", async (_title, outcome, status) => {
  const events = [event("1"), event("2"), event("3"), event("x", "b")];
  const result = await publish(events, (id) => (id === "2" ? outcome() : 204));
  expect(result.tried.toSorted()).toEqual(["1", "2", "x"]);
  expect(statusesIn(result)).toEqual([204, status, status, 204]);
});

test("when all fare alike, that is the answer", async () => {
  expect((await publish([event("1"), event("2")], () => 400)).told).toMatchObject({
    answer: { status: 400, body: Buffer.from("x") },
  });
  expect((await publish([event("1"), event("2", "b")], () => 507)).told).toMatchObject({
    answer: { status: 502, headers: ["Target-System-Status", "507", "Error-Reason", "eventing_error"] },
  });
  expect((await publish([event("1")], () => ({ kind: "timeout" }))).told).toMatchObject({
    refusal: { status: 504 },
  });
});

test("nothing more is tried when nobody waits, or the time is over", async () => {
  let left = 2;
  const result = await publish(
    [event("1"), event("2"), event("3"), event("4")],
    () => 204,
    () => (left-- > 0 ? undefined : { kind: "timeout" }),
  );
  expect(result.tried).toEqual(["1", "2"]);
  expect(statusesIn(result)).toEqual([204, 204, 504, 504]);
});
