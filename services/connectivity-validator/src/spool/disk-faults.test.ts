import { readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { DeliverableEvent, DeliveryResult } from "../delivery/delivery.ts";
import { Drain } from "./drain.ts";
import { faultyFiles, type Operation } from "./faulty-files.ts";
import type { Spool } from "./spool.ts";
import { emptyFolder, event, idOf, openSpool, silentLog, takeAll } from "./test-spool.ts";

async function spoolOnFaultyDisk(writeTimeoutMs = 10_000) {
  const [folder, files] = [await emptyFolder(), faultyFiles()];
  const spool = await openSpool(folder, { files, writeTimeoutMs, probeEveryMs: 100 });
  return { folder, files, spool };
}

test.each<{ code: string; operations: Operation[]; result: "full" | "failed"; ready: boolean }>([
  { code: "ENOSPC", operations: ["write"], result: "full", ready: true },
  { code: "EDQUOT", operations: ["datasync"], result: "full", ready: true },
  { code: "EROFS", operations: ["open", "unlink"], result: "failed", ready: false },
  { code: "EIO", operations: ["datasync"], result: "failed", ready: false },
  { code: "EIO", operations: ["datasync", "truncate", "unlink"], result: "failed", ready: false },
])(
  "$code at $operations: not acknowledged, told, and over when it is over",
  async ({ code, operations, result, ready }) => {
    const { folder, files, spool } = await spoolOnFaultyDisk();
    expect(await spool.store(event("crm", "before"))).toBe("stored");
    files.fault = { code, operations };
    expect(await Promise.all([spool.store(event("crm", "lost")), spool.store(event("crm", "lost"))])).toEqual([
      result,
      result,
    ]);
    expect(await spool.store(event("fresh", "lost"))).toBe(result);
    expect([spool.health.problem === undefined, spool.health.isWell]).toEqual([ready, false]);
    expect(spool.holds("fresh")).toBe(false);

    files.fault = undefined;
    // Found out by itself: nobody stores anything meanwhile.
    await expect.poll(() => spool.health.isWell, { timeout: 5_000 }).toBe(true);
    expect(await spool.store(event("crm", "after"))).toBe("stored");
    await spool.close();
    const again = await openSpool(folder);
    const found = (await takeAll(again, "crm")).map(idOf);
    expect(found.filter((id) => id !== "lost")).toEqual(["before", "after"]);
    await takeAll(again, "fresh");
    expect(again.health.damagedBytes).toBe(0);
  },
);

test("a disk that takes a part of each write gets all of it in the end", async () => {
  const { files, spool } = await spoolOnFaultyDisk();
  files.halfWrites = true;
  // Halves of halves: the last byte is never less than one.
  const results = Promise.all(Array.from({ length: 20 }, (_, index) => spool.store(event("crm", `${index}`))));
  expect(new Set(await results)).toEqual(new Set(["full"]));
  files.halfWrites = false;
  await expect.poll(() => spool.store(event("crm", "after")), { timeout: 5_000 }).toBe("stored");
  expect((await takeAll(spool, "crm")).map(idOf)).toEqual(["after"]);
});

test("a disk that hangs holds up nobody for ever, and what waits for it stays bounded", async () => {
  const { files, spool } = await spoolOnFaultyDisk(200);
  const goOn = Promise.withResolvers<void>();
  files.hang = goOn.promise;
  const body = "x".repeat(1024 ** 2);
  const results = await Promise.all(
    Array.from({ length: 12 * 8 }, (_, at) => spool.store(event(`app${at % 12}`, "1", body))),
  );
  expect(results.filter((result) => result === "full").length).toBeGreaterThan(20);
  expect(results).not.toContain("stored");
  expect(spool.health.problem).toContain("has not written");
  goOn.resolve();
  await expect.poll(() => spool.health.problem, { timeout: 5_000 }).toBeUndefined();
  await expect.poll(() => spool.store(event("app0", "after")), { timeout: 5_000 }).toBe("stored");
});

test("a segment that cannot be removed is tried again", async () => {
  const { files, spool } = await spoolOnFaultyDisk();
  await spool.store(event("crm", "1"));
  files.fault = { code: "EIO", operations: ["unlink"] };
  expect(await takeAll(spool, "crm")).toHaveLength(1);
  const [queue] = spool.all();
  expect(await queue?.tidy()).toBe(false);
  files.fault = undefined;
  expect(await queue?.tidy()).toBe(true);
  expect(spool.bytes).toBe(0);
});

/** Delivers to an Eventing that takes everything; a read that fails is not tried often. */
function drained(spool: Spool): string[] {
  const seen: string[] = [];
  const to = {
    async deliver(given: DeliverableEvent): Promise<DeliveryResult> {
      seen.push(idOf(given));
      return { status: 204, headers: [], body: Buffer.alloc(0) };
    },
  };
  const options = { maxAgeMs: 3_600_000, onAttempt: () => undefined, maxReadFailures: 1 };
  const drain = new Drain(spool, { to, log: silentLog, ...options });
  onTestFinished(() => drain.stop(AbortSignal.abort()));
  return seen;
}

const block = 4096;
const gap = { start: 5 * block, end: 6 * block };
const tenBlocks = async (spool: Spool) => {
  for (let id = 0; id < 10; id++) await spool.store(event("crm", `${id}`, "x".repeat(block - 400)));
};

test("a part of the disk that is gone costs the events there, and no other", async () => {
  const { files, spool } = await spoolOnFaultyDisk();
  await tenBlocks(spool);
  files.gap = gap;
  const seen = drained(spool);
  await expect.poll(() => spool.holds("crm"), { timeout: 5_000 }).toBe(false);
  expect(seen).toEqual(["0", "1", "2", "3", "4", "7", "8", "9"]);
  expect(spool.health.damagedBytes).toBeGreaterThan(block);
  expect(spool.health.problem).toBeUndefined();
});

test("nor does it keep the program from starting", async () => {
  const { folder, files, spool } = await spoolOnFaultyDisk();
  await tenBlocks(spool);
  await spool.close();
  files.gap = gap;
  const again = await openSpool(folder, { files });
  expect(again.health.damagedBytes).toBeGreaterThan(block);
  expect((await takeAll(again, "crm")).map(idOf)).toEqual(["0", "1", "2", "3", "4", "7", "8", "9"]);
  expect(await readdir(join(folder, "damaged"))).toHaveLength(1);
});

test("a volume that is away for a while takes no event with it", async () => {
  const { files, spool } = await spoolOnFaultyDisk();
  for (const id of ["0", "1"]) await spool.store(event("crm", id));
  files.fault = { code: "EIO", operations: ["read", "write", "unlink"] };
  const seen = drained(spool);
  await expect.poll(() => files.counts.read, { timeout: 5_000 }).toBeGreaterThan(2);
  files.fault = undefined;
  await expect.poll(() => seen, { timeout: 5_000 }).toEqual(["0", "1"]);
  expect(spool.health.damagedBytes).toBe(0);
});

test("a volume that is away at the start ends it with one sentence", async () => {
  const { folder, files, spool } = await spoolOnFaultyDisk();
  await spool.store(event("crm", "1"));
  await spool.close();
  files.fault = { code: "EIO", operations: ["read", "write"] };
  await expect(openSpool(folder, { files })).rejects.toThrow(/--spoolDir .* cannot be used: EIO.*; it must be/);
  files.fault = undefined;
  expect(await takeAll(await openSpool(folder, { files }), "crm")).toHaveLength(1);
});

test("a file that somebody has removed holds up nobody", async () => {
  const { folder, spool } = await spoolOnFaultyDisk();
  await spool.store(event("crm", "lost"));
  const [name = ""] = await readdir(join(folder, "queue"));
  await unlink(join(folder, "queue", name));
  const seen = drained(spool);
  await expect.poll(() => spool.holds("crm"), { timeout: 5_000 }).toBe(false);
  expect(await spool.store(event("crm", "next"))).toBe("stored");
  await expect.poll(() => seen).toEqual(["next"]);
  await [...spool.all()][0]?.tidy();
  expect(spool.bytes).toBe(0);
});

test("a disk that takes names and no events is not filled with files", async () => {
  const { folder, files, spool } = await spoolOnFaultyDisk();
  files.fault = { code: "ENOSPC", operations: ["write of events"] };
  const names = new Set<string>();
  for (let at = 0; at < 20; at++) {
    expect(await spool.store(event("crm", `${at}`))).toBe("full");
    for (const name of await readdir(join(folder, "queue"))) names.add(name);
  }
  expect(names.size).toBeLessThan(3);
  expect(spool.bytes).toBe(0);
});

test("an event that was written when its sender was told otherwise does not wait for the next one", async () => {
  const { files, spool } = await spoolOnFaultyDisk(100);
  const goOn = Promise.withResolvers<void>();
  const seen = drained(spool);
  files.hang = goOn.promise;
  expect(await spool.store(event("crm", "late"))).toBe("failed");
  goOn.resolve();
  await expect.poll(() => seen).toEqual(["late"]);
});
