import { expect, test } from "vitest";
import { deliverAll } from "./deliver-all.ts";
import type { DeliverableEvent, Delivery } from "./delivery.ts";
import { rememberingDelivery } from "./remembering.ts";

type Result = Awaited<ReturnType<Delivery["deliver"]>>;

const stored: Result = { status: 204, headers: ["X-From", "eventing"], body: Buffer.alloc(0) };
const event = (id: string, source = "shop", application = "shop"): DeliverableEvent => ({
  application,
  route: "events",
  path: "/publish",
  headers: [],
  body: Buffer.alloc(0),
  context: { id, source, type: "t" },
});

function world(answer: (event: DeliverableEvent) => Result | Promise<Result> = () => stored, maxEntries = 100) {
  const delivered: DeliverableEvent[] = [];
  let time = 0;
  const delivery = rememberingDelivery(
    {
      async deliver(each) {
        delivered.push(each);
        return await answer(each);
      },
    },
    { windowMs: 1_000, maxEntries, now: () => time },
  );
  return {
    delivered,
    send: (each: DeliverableEvent) => delivery.deliver(each),
    pass: (ms: number) => {
      time += ms;
    },
  };
}

test("what was stored is not handed on again, and is answered as before", async () => {
  const { delivered, send } = world();
  expect(await send(event("1"))).toEqual(stored);
  expect(await send(event("1"))).toEqual({ ...stored, isRepeated: true });
  expect(delivered).toHaveLength(1);
});

test("another id, source or Application is another event, in whatever script", async () => {
  const { delivered, send } = world();
  const events = [
    event("1"),
    event("2"),
    event("1", "s"),
    event("1", "shop", "a"),
    event("ä"),
    event("Ǥ"),
    event("🐟"),
  ];
  for (const each of events) expect(await send(each)).toEqual(stored);
  expect(delivered).toEqual(events);
});

test("after a while it is handed on again", async () => {
  const { delivered, send, pass } = world();
  await send(event("1"));
  pass(999);
  await send(event("1"));
  expect(delivered).toHaveLength(1);
  pass(1);
  await send(event("1"));
  expect(delivered).toHaveLength(2);
});

test.each<Result>([{ ...stored, status: 503 }, { ...stored, status: 400 }, { kind: "timeout" }])(
  "%j was no success, and is not remembered",
  async (failure) => {
    const { delivered, send } = world(() => failure);
    expect(await send(event("1"))).toBe(failure);
    expect(await send(event("1"))).toBe(failure);
    expect(delivered).toHaveLength(2);
  },
);

test("one that comes while the first is on its way waits for it; when that fails, one of those that wait is next", async () => {
  const gates: ((result: Result) => void)[] = [];
  const { delivered, send } = world(() => new Promise((resolve) => gates.push(resolve)));
  const all = [send(event("1")), send(event("1")), send(event("1"))];
  expect(delivered).toHaveLength(1);
  gates[0]?.({ kind: "timeout" });
  await expect.poll(() => delivered.length).toBe(2);
  gates[1]?.(stored);
  expect(await Promise.all(all)).toEqual([{ kind: "timeout" }, stored, { ...stored, isRepeated: true }]);
  expect(delivered).toHaveLength(2);
});

test("an event that nobody looked into is always handed on", async () => {
  const { delivered, send } = world();
  const unread = { ...event("1"), context: undefined };
  await send(unread);
  await send(unread);
  expect(delivered).toHaveLength(2);
});

test("what is remembered has a bound", async () => {
  const { delivered, send } = world(undefined, 100);
  for (let id = 0; id < 1_000; id++) await send(event(String(id)));
  await send(event("0"));
  await send(event("999"));
  expect(delivered).toHaveLength(1_001);
});

/** One that takes batches, notes them, and answers as told. */
function together(answer: (id: string) => Result | Promise<Result> = () => stored) {
  const taken: string[][] = [];
  const of = (event: DeliverableEvent) => event.context?.id ?? "";
  const delivery = rememberingDelivery(
    {
      async deliver(each) {
        taken.push([of(each)]);
        return await answer(of(each));
      },
      async deliverAll(events) {
        taken.push(events.map(of));
        return await Promise.all(events.map((each) => answer(of(each))));
      },
    },
    { windowMs: 1_000, maxEntries: 100, now: () => 0 },
  );
  const send = (...ids: string[]) =>
    deliverAll(
      delivery,
      ids.map((id) => event(id)),
      () => undefined,
    );
  return { taken, send, single: (id: string) => delivery.deliver(event(id)) };
}
const repeatedOnes = (results: readonly Result[]) => results.map((result) => "isRepeated" in result);

test("of a batch, only what was not stored before is handed on, together", async () => {
  const { taken, send, single } = together((id) => (id === "bad" ? { ...stored, status: 503 } : stored));
  await single("1");
  expect(repeatedOnes(await send("0", "1", "bad", "2"))).toEqual([false, true, false, false]);
  expect(repeatedOnes(await send("0", "1", "bad", "2"))).toEqual([true, true, false, true]);
  expect(taken).toEqual([["1"], ["0", "bad", "2"], ["bad"]]);
  expect(repeatedOnes(await send("0", "1"))).toEqual([true, true]);
  expect(taken).toHaveLength(3);
});

test("an event that comes while its batch is on its way waits for it, and so does one that comes twice in a batch", async () => {
  const gates: ((result: Result) => void)[] = [];
  const { taken, send, single } = together(() => new Promise((resolve) => gates.push(resolve)));
  const first = send("1", "2");
  const others = [single("1"), send("2", "3", "3")] as const;
  await expect.poll(() => gates.length).toBe(2);
  for (const open of gates.splice(0)) open(stored);
  expect(repeatedOnes(await first)).toEqual([false, false]);
  expect(await others[0]).toMatchObject({ isRepeated: true });
  await expect.poll(() => gates.length).toBe(1);
  gates[0]?.(stored);
  expect(repeatedOnes(await others[1])).toEqual([true, false, true]);
  expect(taken).toEqual([["1", "2"], ["3"]]);
});
