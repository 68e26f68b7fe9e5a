import { expect, test } from "vitest";
import { faultyFiles, type Operation } from "./faulty-files.ts";
import { emptyFolder, event, idOf, openSpool, takeAll } from "./test-spool.ts";

async function spoolOnFaultyDisk(writeTimeoutMs = 10_000) {
  const [folder, files] = [await emptyFolder(), faultyFiles()];
  const spool = await openSpool(folder, { files, writeTimeoutMs });
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
  expect(await spool.store(event("crm", "after"))).toBe("stored");
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
