import { expect, test } from "vitest";
import type { DeliverableEvent, Delivery, DeliveryResult } from "../delivery/delivery.ts";
import { realFiles } from "./disk.ts";
import { faultyFiles } from "./faulty-files.ts";
import { spooledDelivery } from "./spooled-delivery.ts";
import { emptyFolder, event, idOf, openSpool, takeAll } from "./test-spool.ts";

const answer = (status: number): DeliveryResult => ({ status, headers: [], body: Buffer.alloc(0) });
const batch = (...ids: string[]): DeliverableEvent[] =>
  ids.map((id) => ({ ...event("crm", id), context: { id, source: id.slice(0, 1), type: "t" } }));
const outcome = (result: DeliveryResult) =>
  "isQueued" in result ? "queued" : "status" in result ? result.status : result.kind;
const goesOn = () => undefined;

/** An Eventing that answers by id, events by themselves. */
function direct(reply: (id: string) => DeliveryResult) {
  const tried: string[] = [];
  const delivery: Delivery = {
    async deliver(given) {
      tried.push(idOf(given));
      return reply(idOf(given));
    },
  };
  return { delivery, tried };
}

test("a batch is on disk with one write and one sync, in its order", async () => {
  const folder = await emptyFolder();
  let syncs = 0;
  const open: typeof realFiles.open = async (path, flags) => {
    const file = await realFiles.open(path, flags);
    const datasync = file.datasync.bind(file);
    return Object.assign(file, {
      datasync() {
        syncs++;
        return datasync();
      },
    });
  };
  const spool = await openSpool(folder, { files: { ...realFiles, open } });
  await spool.store(event("crm", "first"));
  syncs = 0;
  const ids = Array.from({ length: 100 }, (_, at) => `${at}`);
  expect(await spool.storeAll(batch(...ids))).toBe("stored");
  expect(syncs).toBe(1);
  expect(spool.stored).toBe(101);
  await spool.close();
  expect((await takeAll(await openSpool(folder), "crm")).map(idOf)).toEqual(["first", ...ids]);
});

test("one that has no room as a whole is not kept at all, so that none of it comes before the rest", async () => {
  const spool = await openSpool(await emptyFolder(), { maxBytesPerApplication: 64 * 1024 });
  const large = { ...event("crm", "large", "x".repeat(60_000)) };
  expect(await spool.storeAll([event("crm", "1"), large, event("crm", "2"), large])).toBe("full");
  expect([spool.refused.full, spool.bytes, spool.holds("crm")]).toEqual([4, 0, false]);
  expect(await spool.storeAll([])).toBe("stored");
});

test("one that the disk does not take is not acknowledged, and costs no room", async () => {
  const files = faultyFiles();
  const spool = await openSpool(await emptyFolder(), { files });
  await spool.store(event("crm", "before"));
  const { bytes } = spool;
  files.fault = { code: "ENOSPC", operations: ["datasync"] };
  expect(await spool.storeAll(batch("1", "2", "3"))).toBe("full");
  expect(spool.bytes).toBe(bytes);
  files.fault = undefined;
  expect((await takeAll(spool, "crm")).map(idOf)).toEqual(["before"]);
});

test("of a batch, what Eventing cannot take at the moment is kept, and all else is its answer", async () => {
  const spool = await openSpool(await emptyFolder());
  const { delivery, tried } = direct((id) => answer(id === "a2" ? 503 : id === "b1" ? 400 : 204));
  const attempts: DeliveryResult[] = [];
  const onAttempt = (result: DeliveryResult) => void attempts.push(result);
  const spooled = spooledDelivery({ spool, direct: delivery, mode: "on-failure", onAttempt });
  const results = await spooled.deliverAll?.(batch("a1", "a2", "a3", "b1", "b2"), goesOn);
  expect(results?.map(outcome)).toEqual([204, "queued", "queued", 400, 204]);
  // The third would have come before the second.
  expect(tried.toSorted()).toEqual(["a1", "a2", "b1", "b2"]);
  expect(attempts).toHaveLength(1);
  // From now on what comes waits behind them.
  expect((await spooled.deliverAll?.(batch("c1", "c2"), goesOn))?.map(outcome)).toEqual(["queued", "queued"]);
  expect((await takeAll(spool, "crm")).map(idOf)).toEqual(["a2", "a3", "c1", "c2"]);
});

test("nothing is kept for a sender that is gone", async () => {
  const spool = await openSpool(await emptyFolder());
  const { delivery, tried } = direct(() => answer(503));
  const spooled = spooledDelivery({ spool, direct: delivery, mode: "on-failure", onAttempt: () => undefined });
  const results = await spooled.deliverAll?.(batch("1", "2"), () => ({ kind: "client_gone" }));
  expect([results?.map(outcome), tried, spool.holds("crm")]).toEqual([["client_gone", "client_gone"], [], false]);
});

test("a disk that fails as well leaves Eventing's own answer", async () => {
  const files = faultyFiles();
  const spool = await openSpool(await emptyFolder(), { files });
  files.fault = { code: "EIO", operations: ["open"] };
  const { delivery } = direct(() => answer(503));
  const spooled = spooledDelivery({ spool, direct: delivery, mode: "on-failure", onAttempt: () => undefined });
  expect((await spooled.deliverAll?.(batch("1", "2"), goesOn))?.map(outcome)).toEqual([503, 503]);
});
