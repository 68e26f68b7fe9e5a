import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { addressed } from "../delivery/addressed.ts";
import type { DeliverableEvent, DeliveryResult } from "../delivery/delivery.ts";
import { Drain, type DrainOptions } from "./drain.ts";
import { faultyFiles } from "./faulty-files.ts";
import type { Spool } from "./spool.ts";
import { spooledDelivery } from "./spooled-delivery.ts";
import { emptyFolder, event, idOf, openSpool, silentLog } from "./test-spool.ts";

const ok: DeliveryResult = { status: 204, headers: [], body: Buffer.alloc(0) };
const answer = (status: number, ...headers: string[]): DeliveryResult => ({ status, headers, body: Buffer.alloc(0) });

/** An Eventing that answers as told, and what it saw. */
function eventing(reply: (event: DeliverableEvent) => DeliveryResult | Promise<DeliveryResult>) {
  const seen: string[] = [];
  const to = {
    async deliver(given: DeliverableEvent) {
      const result = await reply(given);
      seen.push(`${given.application} ${idOf(given)}${result === ok ? "" : " failed"}`);
      return result;
    },
  };
  return { to, seen };
}

function drainOf(spool: Spool, to: DrainOptions["to"], more: Partial<DrainOptions> = {}): Drain {
  const drain = new Drain(spool, { to, log: silentLog, maxAgeMs: 3_600_000, onAttempt: () => undefined, ...more });
  onTestFinished(() => drain.stop(AbortSignal.abort()));
  return drain;
}

test("each Application's events are delivered in order, and one that waits holds up no other", async () => {
  const spool = await openSpool(await emptyFolder());
  for (let at = 0; at < 40; at++) for (const application of ["a", "b"]) await spool.store(event(application, `${at}`));
  let broken = true;
  const { to, seen } = eventing(({ application }) => (application === "b" && broken ? answer(500) : ok));
  drainOf(spool, to);
  await expect.poll(() => seen.filter((line) => line.startsWith("a")).length).toBe(40);
  expect(spool.holds("b")).toBe(true);
  broken = false;
  await expect.poll(() => spool.holds("b"), { timeout: 5_000 }).toBe(false);
  for (const application of ["a", "b"]) {
    const delivered = seen.filter((line) => line.startsWith(application) && !line.includes("failed"));
    expect(delivered).toEqual(Array.from({ length: 40 }, (_, at) => `${application} ${at}`));
  }
});

describe("what came as a batch", () => {
  /** Eventing that takes batches and answers by id, and what it got: events that came together as one line. */
  function receiver(reply: (id: string) => number) {
    const seen: string[] = [];
    const answers = (events: readonly DeliverableEvent[]) => {
      seen.push(events.map(idOf).join(" "));
      return events.map((each) => answer(reply(idOf(each))));
    };
    const to = {
      deliver: async (given: DeliverableEvent) => answers([given])[0] as DeliveryResult,
      deliverAll: async (events: readonly DeliverableEvent[]) => answers(events),
    };
    return { to: addressed(to, { host: "eventing", path: "/publish" }), seen };
  }
  const batch = (...ids: string[]) => ids.map((id) => event("crm", id));

  test("is delivered as one, and nothing else with it", async () => {
    const folder = await emptyFolder();
    const before = await openSpool(folder);
    await before.store(event("crm", "0"));
    await before.storeAll(batch("1", "2", "3"));
    await before.storeAll(batch("4", "5"));
    await before.store(event("crm", "6"));
    await before.store(event("crm", "7"));
    await before.close();
    const spool = await openSpool(folder);
    const { to, seen } = receiver(() => 204);
    const drain = drainOf(spool, to);
    await expect.poll(() => spool.holds("crm")).toBe(false);
    expect(seen).toEqual(["0", "1 2 3", "4 5", "6", "7"]);
    expect(drain.delivered).toBe(8);
  });

  test("goes on from its first event that must wait, with that one alone", async () => {
    const spool = await openSpool(await emptyFolder());
    await spool.storeAll(batch("1", "2", "3", "4", "5"));
    let isWell = false;
    const { to, seen } = receiver((id) => (id === "2" ? 422 : id === "3" && !isWell ? 503 : 204));
    drainOf(spool, to);
    await expect.poll(() => seen.length).toBe(1);
    isWell = true;
    await expect.poll(() => spool.holds("crm"), { timeout: 5_000 }).toBe(false);
    expect(seen).toEqual(["1 2 3 4 5", "3", "4 5"]);
    expect([...spool.deadLetters.added]).toEqual([["status_422", 1]]);
  });

  test("and lies beside what is damaged goes without that", async () => {
    const folder = await emptyFolder();
    const spool = await openSpool(folder);
    await spool.storeAll(batch("1", "2", "3", "4"));
    const [name = ""] = await readdir(join(folder, "queue"));
    const path = join(folder, "queue", name);
    const bytes = await readFile(path);
    bytes.write("!", bytes.indexOf('{"id":"3"}'));
    await writeFile(path, bytes);
    const { to, seen } = receiver(() => 204);
    drainOf(spool, to);
    await expect.poll(() => spool.holds("crm")).toBe(false);
    expect(seen).toEqual(["1 2", "4"]);
  });

  test("goes event by event to a receiver that takes no batches", async () => {
    const spool = await openSpool(await emptyFolder());
    await spool.storeAll(batch("1", "2", "3"));
    const { to, seen } = eventing(() => ok);
    drainOf(spool, addressed(to, { host: "eventing", path: "/publish" }));
    await expect.poll(() => seen).toEqual(["crm 1", "crm 2", "crm 3"]);
  });
});

test("when Eventing is well again, whoever waits is woken; whoever was told a time waits for it", async () => {
  const spool = await openSpool(await emptyFolder());
  let down = true;
  const { to, seen } = eventing(({ application }) =>
    application === "told" ? answer(429, "Retry-After", "60") : down ? { kind: "unreachable" } : ok,
  );
  for (const application of ["a", "b", "told"]) await spool.store(event(application, "1"));
  drainOf(spool, to);
  // By now the next attempt of each is seconds away.
  await expect.poll(() => seen.filter((line) => line === "a 1 failed").length, { timeout: 10_000 }).toBe(5);
  down = false;
  await spool.store(event("c", "1"));
  await expect
    .poll(() => seen.filter((line) => !line.includes("failed")).sort(), { timeout: 2_000 })
    .toEqual(["a 1", "b 1", "c 1"]);
  expect(seen.filter((line) => line.startsWith("told"))).toHaveLength(1);
});

test("what Eventing refuses, or is too old, is kept with the dead letters, and can be put back", async () => {
  const folder = await emptyFolder();
  const spool = await openSpool(folder);
  for (const id of ["good", "bad", "fine"]) await spool.store(event("crm", id));
  const { to, seen } = eventing((given) => (idOf(given) === "bad" ? answer(422) : ok));
  const drain = drainOf(spool, to);
  await expect.poll(() => spool.holds("crm")).toBe(false);
  expect(seen).toEqual(["crm good", "crm bad failed", "crm fine"]);
  expect([...spool.deadLetters.added]).toEqual([["status_422", 1]]);
  await drain.stop(new AbortController().signal);
  await spool.close();

  const [dead = ""] = await readdir(join(folder, "dead"));
  await rename(join(folder, "dead", dead), join(folder, "queue", dead));
  const again = await openSpool(folder);
  // It would be too old by now, but somebody wants it delivered: it is not given up with the first failure.
  let failures = 0;
  const later = eventing(() => (failures++ < 2 ? answer(503) : ok));
  drainOf(again, later.to, { maxAgeMs: -1 });
  await expect.poll(() => later.seen, { timeout: 5_000 }).toEqual(["crm bad failed", "crm bad failed", "crm bad"]);
  expect([...again.deadLetters.added]).toEqual([]);
});

test("what is too old is given up when it cannot be delivered, and not before", async () => {
  const spool = await openSpool(await emptyFolder());
  for (const id of ["1", "2", "3"]) await spool.store(event("crm", id));
  let isDown = false;
  const { to, seen } = eventing(() => (isDown ? answer(503) : ok));
  // As after a long time without the program, or when the clock was set.
  drainOf(spool, to, { maxAgeMs: -1 });
  await expect.poll(() => seen).toEqual(["crm 1", "crm 2", "crm 3"]);
  isDown = true;
  for (const id of ["4", "5", "6"]) await spool.store(event("crm", id));
  await expect.poll(() => [...spool.deadLetters.added]).toEqual([["expired", 3]]);
  // One that was told no is enough.
  expect(seen.slice(3)).toEqual(["crm 4 failed"]);
});

test("of what waits for another attempt, nothing stays in memory", async () => {
  const files = faultyFiles();
  const spool = await openSpool(await emptyFolder(), { files });
  for (const id of ["1", "2"]) await spool.store(event("crm", id));
  const { to, seen } = eventing(() => answer(503));
  drainOf(spool, to);
  await expect.poll(() => seen.length, { timeout: 5_000 }).toBe(3);
  expect(files.counts.read).toBe(3);
});

test("events that have waited go to where Eventing is now", async () => {
  const seen: DeliverableEvent[] = [];
  const to = {
    async deliver(given: DeliverableEvent) {
      seen.push(given);
      return ok;
    },
  };
  const now = addressed(to, { host: "new:80", path: "/new" });
  const given = { ...event("crm", "1"), headers: ["Host", "old", "Ce-Id", "1"] };
  await now.deliver(given);
  await now.deliver({ ...given, path: "/publish" });
  await now.deliver({ ...given, route: "v1", path: "/crm/v1/events" });
  expect(seen.map(({ path }) => path)).toEqual(["/new?a=1", "/new", "/crm/v1/events"]);
  expect(seen.map(({ headers }) => headers)).toEqual(Array(3).fill(["Host", "new:80", "Ce-Id", "1"]));
});

test("dead letters have a bound; whoever has most of them loses its oldest", async () => {
  const spool = await openSpool(await emptyFolder(), { maxBytes: 160_000, maxBytesPerApplication: 160_000 });
  const { to } = eventing(() => answer(400));
  drainOf(spool, to);
  await spool.store(event("quiet", "1"));
  for (let at = 0; at < 30; at++) {
    expect(await spool.store(event("noisy", `${at}`, "x".repeat(5_000)))).toBe("stored");
    await expect.poll(() => spool.holds("noisy")).toBe(false);
  }
  await expect.poll(() => spool.deadLetters.added.get("status_400")).toBe(31);
  expect(spool.deadLetters.bytes).toBeLessThan(30_000);
  expect(spool.deadLetters.dropped).toBeGreaterThan(20);
  expect(spool.deadLetters.dropped).toBeLessThan(31);
});

test("at the end what can be delivered is; what cannot stays for the next start", async () => {
  const folder = await emptyFolder();
  const spool = await openSpool(folder);
  for (let at = 0; at < 100; at++) await spool.store(event("a", `${at}`));
  const { to, seen } = eventing(() => ok);
  await drainOf(spool, to).stop(new AbortController().signal);
  expect(seen).toHaveLength(100);
  await spool.store(event("a", "100"));
  const deadline = new AbortController();
  const stopped = drainOf(spool, eventing(() => ({ kind: "timeout" })).to).stop(deadline.signal);
  deadline.abort();
  await stopped;
  await spool.close();
  expect((await openSpool(folder)).holds("a")).toBe(true);
});

test("a delivery that never ends does not keep the program from ending", async () => {
  const spool = await openSpool(await emptyFolder());
  await spool.store(event("a", "1"));
  const { to } = eventing(() => new Promise(() => undefined));
  await drainOf(spool, to).stop(AbortSignal.abort());
  await spool.close();
});

const legacy = (id?: string) => {
  const members = { "event-type": "order.created", "event-type-version": "v1", "event-time": "2030-01-01T00:00:00Z" };
  return JSON.stringify({ ...members, ...(id === undefined ? {} : { "event-id": id }), data: 12 });
};

test("on failure an event is queued, and all later ones of its Application behind it", async () => {
  const spool = await openSpool(await emptyFolder());
  let down = true;
  const { to, seen } = eventing(() => (down ? answer(503) : ok));
  const observed: DeliveryResult[] = [];
  const onAttempt = (result: DeliveryResult) => void observed.push(result);
  const delivery = spooledDelivery({ spool, direct: to, mode: "on-failure", onAttempt });
  expect(await delivery.deliver(event("crm", "1"))).toMatchObject({ status: 204, headers: ["Delivery", "queued"] });
  expect(observed).toEqual([answer(503)]);
  down = false;
  // Nobody drains yet: it must not overtake.
  expect(await delivery.deliver(event("crm", "2"))).toMatchObject({ status: 204, isQueued: true });
  expect(await delivery.deliver(event("shop", "1"))).toBe(ok);
  drainOf(spool, to);
  await expect.poll(() => spool.holds("crm")).toBe(false);
  expect(await delivery.deliver(event("crm", "3"))).toBe(ok);
  expect(seen).toEqual(["crm 1 failed", "shop 1", "crm 1", "crm 2", "crm 3"]);
});

test("in the mode always the disk has an event before Eventing is asked, batches too", async () => {
  const spool = await openSpool(await emptyFolder());
  const { to, seen } = eventing(() => ok);
  const delivery = spooledDelivery({ spool, direct: to, mode: "always", onAttempt: () => undefined });
  expect(await delivery.deliver(event("crm", "1"))).toMatchObject({ status: 204, isQueued: true });
  const results = await delivery.deliverAll?.([event("shop", "1"), event("shop", "2")], () => undefined);
  expect(results).toMatchObject([{ isQueued: true }, { isQueued: true }]);
  expect(seen).toEqual([]);
  drainOf(spool, to);
  await expect.poll(() => seen.toSorted()).toEqual(["crm 1", "shop 1", "shop 2"]);
});

test("Eventing's refusal is the sender's answer, and no room is an answer, too", async () => {
  const spool = await openSpool(await emptyFolder(), { maxBytesPerApplication: 1_000 });
  const options = { spool, mode: "on-failure", onAttempt: () => undefined } as const;
  const refusing = spooledDelivery({ ...options, direct: eventing(() => answer(400)).to });
  expect(await refusing.deliver(event("crm", "1"))).toEqual(answer(400));
  const down = spooledDelivery({ ...options, direct: eventing(() => answer(503)).to });
  expect(await down.deliver(event("crm", "1", "x".repeat(2_000)))).toEqual({ kind: "spool_full" });
  await spool.close();
  // What Eventing said is all that is known then.
  expect(await down.deliver(event("crm", "1"))).toEqual(answer(503));
});

test.each([
  ["none", legacy()],
  ["an empty one", legacy("")],
])("a legacy event with the id: %s, gets one before anybody is asked", async (_title, body) => {
  const spool = await openSpool(await emptyFolder());
  const bodies: string[] = [];
  const direct = {
    async deliver(given: DeliverableEvent) {
      bodies.push(given.body.toString());
      return answer(503);
    },
  };
  const delivery = spooledDelivery({ spool, direct, mode: "on-failure", onAttempt: () => undefined });
  const given = { ...event("crm", "1", body), route: "v1" } as const;
  const result = await delivery.deliver(given);
  if (!("status" in result)) throw new Error(result.kind);
  const { "event-id": id } = JSON.parse(result.body.toString());
  expect(result).toMatchObject({ status: 200, headers: ["Delivery", "queued", "Content-Type", "application/json"] });
  expect(JSON.parse(bodies[0] ?? "")).toEqual({ ...JSON.parse(body), "event-id": id });
  const [queue] = spool.all();
  expect((await queue?.peek())?.stored.event.body.toString()).toBe(bodies[0]);
});
