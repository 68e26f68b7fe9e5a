import { spawnSync } from "node:child_process";
import { appendFile, mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { realFiles } from "./disk.ts";
import { faultyFiles } from "./faulty-files.ts";
import type { SpoolOptions } from "./spool.ts";
import { emptyFolder, event, idOf, openSpool, takeAll } from "./test-spool.ts";

const ids = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `${from + index}`);
const segments = (folder: string) => readdir(join(folder, "queue"));

test("what is stored waits in order, byte for byte, and is there after a restart", async () => {
  const folder = await emptyFolder();
  const first = await openSpool(folder);
  for (const id of ids(5)) expect(await first.store(event("crm", id))).toBe("stored");
  expect(await first.store(event("shop", "x"))).toBe("stored");
  await first.close();

  const second = await openSpool(folder);
  expect(await second.store(event("crm", "5"))).toBe("stored");
  expect(second.holds("crm")).toBe(true);
  const events = await takeAll(second, "crm");
  expect(events.map(idOf)).toEqual(ids(6));
  expect(events[3]).toEqual(event("crm", "3"));
  expect(second.holds("crm")).toBe(false);
  expect((await takeAll(second, "shop")).map(idOf)).toEqual(["x"]);
});

test("many at once are written together, and keep the order in which they came", async () => {
  const folder = await emptyFolder();
  let syncs = 0;
  const open: typeof realFiles.open = async (path, flags) => {
    const file = await realFiles.open(path, flags);
    const datasync = file.datasync.bind(file);
    const counted = (): Promise<void> => {
      syncs++;
      return datasync();
    };
    return Object.assign(file, { datasync: counted });
  };
  const spool = await openSpool(folder, { files: { ...realFiles, open } });
  const results = await Promise.all(ids(500).map((id) => spool.store(event("crm", id))));
  expect(new Set(results)).toEqual(new Set(["stored"]));
  expect(syncs).toBeLessThan(10);
  expect((await takeAll(spool, "crm")).map(idOf)).toEqual(ids(500));
});

test("what was delivered is not delivered again after a restart, and its files go", async () => {
  const folder = await emptyFolder();
  const spool = await openSpool(folder, { maxBytesPerApplication: 80_000 });
  const body = "x".repeat(3_000);
  for (const id of ids(20)) expect(await spool.store(event("crm", id, body))).toBe("stored");
  expect((await segments(folder)).length).toBeGreaterThan(4);
  const [queue] = spool.all();
  for (let count = 0; count < 15; count++) await queue?.advance((await queue.peek()) ?? expect.unreachable());
  expect((await segments(folder)).length).toBeLessThan(4);
  const { bytes } = spool;
  await spool.close();

  const again = await openSpool(folder);
  expect(again.bytes).toBeLessThanOrEqual(bytes);
  expect((await takeAll(again, "crm")).map(idOf)).toEqual(ids(5, 15));
  await again.close();
  expect(await segments(folder)).toEqual([]);
});

test("no Application gets more than its share, and all together no more than there is", async () => {
  const spool = await openSpool(await emptyFolder(), { maxBytes: 300_000, maxBytesPerApplication: 100_000 });
  const fill = async (application: string) => {
    let stored = 0;
    while ((await spool.store(event(application, "1", "x".repeat(9_000)))) === "stored") stored++;
    return stored;
  };
  expect(await fill("noisy")).toBe(10);
  expect(await spool.store(event("other", "1"))).toBe("stored");
  for (const application of ["b", "c", "d"]) await fill(application);
  expect(await spool.store(event("last", "1", "x".repeat(9_000)))).toBe("full");
  expect(spool.bytes).toBeLessThanOrEqual(300_000);
  await takeAll(spool, "noisy");
  expect(await spool.store(event("last", "1", "x".repeat(9_000)))).toBe("stored");
});

test("a torn tail is cut off; what was acknowledged before it is there", async () => {
  const folder = await emptyFolder();
  const spool = await openSpool(folder);
  for (const id of ids(3)) await spool.store(event("crm", id));
  await spool.close();
  const [name = ""] = await segments(folder);
  const path = join(folder, "queue", name);
  const whole = await readFile(path);
  // As a write that did not get through would have left it.
  await appendFile(path, whole.subarray(24, 90));
  const again = await openSpool(folder);
  expect(again.health.damagedBytes).toBe(0);
  expect((await readFile(path)).equals(whole)).toBe(true);
  expect((await takeAll(again, "crm")).map(idOf)).toEqual(ids(3));
});

test("damaged records are told and kept aside, and hold up nothing", async () => {
  const folder = await emptyFolder();
  const spool = await openSpool(folder);
  for (const id of ids(5)) await spool.store(event("crm", id, `body-of-${id}`));
  const damage = async (text: string) => {
    const [name = ""] = await segments(folder);
    const path = join(folder, "queue", name);
    const bytes = await readFile(path);
    bytes.write("!", bytes.indexOf(text));
    await writeFile(path, bytes);
  };
  // Once while it runs, and once while it does not.
  await damage("body-of-1");
  const [queue] = spool.all();
  await queue?.advance((await queue.peek()) ?? expect.unreachable());
  expect(idOf((await queue?.peek())?.stored.event ?? expect.unreachable())).toBe("2");
  expect(queue?.events).toBe(3);
  expect(spool.health.damagedBytes).toBeGreaterThan(0);
  await spool.close();
  await damage("body-of-3");
  const again = await openSpool(folder);
  expect(again.health.damagedBytes).toBeGreaterThan(0);
  expect((await takeAll(again, "crm")).map(idOf)).toEqual(["2", "4"]);
  await again.close();
  expect(await segments(folder)).toEqual([]);
  expect(await readdir(join(folder, "damaged"))).toHaveLength(1);
});

test("files of other kinds, and empty ones of its own, do no harm", async () => {
  const folder = await emptyFolder();
  await mkdir(join(folder, "queue"));
  await writeFile(join(folder, "queue", "notes.txt"), "mine");
  await writeFile(join(folder, "queue", "000000000009-crm.log"), "");
  const spool = await openSpool(folder);
  await spool.store(event("crm", "1"));
  expect(await segments(folder)).toEqual(["000000000010-crm.log", "notes.txt"]);
});

test("a segment of a later version is not touched: the start fails and says so", async () => {
  const folder = await emptyFolder();
  await mkdir(join(folder, "queue"));
  await writeFile(join(folder, "queue", "000000000001-crm.log"), "ACSPOOL2 and more than that");
  await expect(openSpool(folder)).rejects.toThrow("later version");
  // The lock is free again.
  await rename(join(folder, "queue"), join(folder, "old"));
  await openSpool(folder);
});

test("a folder has one owner, in whatever process; another one waits for it to end", async () => {
  const folder = await emptyFolder();
  const spool = await openSpool(folder);
  await expect(openSpool(folder)).rejects.toThrow("is in use by another process");
  const script = `
    const { lockFolder } = await import(${JSON.stringify(import.meta.resolve("./folder-lock.ts"))});
    await lockFolder(${JSON.stringify(folder)}, 0).then(() => console.log("mine"), ({ message }) => console.log(message));`;
  const other = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  expect(other.stdout).toContain("is in use by another process");
  const waiting = openSpool(folder, { lockWaitMs: 10_000 });
  await spool.close();
  await waiting;
});

/** One run after the other, each of which leaves an event of that size behind that is damaged. */
async function damagedRuns(folder: string, runs: number, size: number, options: Partial<SpoolOptions> = {}) {
  for (const id of ids(runs)) {
    const spool = await openSpool(folder, options);
    await spool.store(event("crm", id, "x".repeat(size)));
    await spool.close();
    const [name = ""] = await segments(folder);
    const path = join(folder, "queue", name);
    const bytes = await readFile(path);
    bytes.write("!", bytes.length - 2);
    await writeFile(path, bytes);
    await (await openSpool(folder, options)).close();
  }
  return await readdir(join(folder, "damaged"));
}

test("what is kept as damaged is not written over by what is damaged later", async () => {
  expect(await damagedRuns(await emptyFolder(), 2, 10)).toHaveLength(2);
});

test("what is kept as damaged has a bound: the oldest files make room, also those of earlier runs", async () => {
  const folder = await emptyFolder();
  const options = { maxBytes: 160_000 };
  const kept = await damagedRuns(folder, 6, 6_000, options);
  expect(kept).toHaveLength(3);
  const all = await damagedRuns(folder, 1, 6_000, options);
  expect(all.sort().slice(0, 2)).toEqual(kept.sort().slice(1));
  // One that is larger than the bound is kept all the same, by itself.
  expect(await damagedRuns(folder, 1, 30_000, options)).toHaveLength(1);
  const spool = await openSpool(folder, options);
  expect(spool.damaged.bytes).toBeGreaterThan(30_000);
});

test("folders that were made outlive a loss of power, and nobody else may read what is in them", async () => {
  const folder = join(await emptyFolder(), "made", "spool");
  const files = faultyFiles();
  const synced: string[] = [];
  const open: typeof files.open = async (path, flags, mode) => {
    const file = await files.open(path, flags, mode);
    const sync = file.sync.bind(file);
    return Object.assign(file, {
      sync: () => {
        synced.push(path);
        return sync();
      },
    });
  };
  const spool = await openSpool(folder, { files: { ...files, open } });
  expect(synced).toContain(folder);
  await spool.store(event("crm", "1"));
  expect(synced).toContain(join(folder, "queue"));
  const [name = ""] = await segments(folder);
  for (const path of [folder, join(folder, "queue"), join(folder, "queue", name)])
    expect((await stat(path)).mode & 0o077, path).toBe(0);
});

const hasProc = process.platform === "linux";
if (!hasProc) console.log("no /proc on this system: a spool below it is not tried");

test.skipIf(!hasProc)("a folder where nobody may make one ends the start, too", async () => {
  await expect(openSpool("/proc/spool/of/crm")).rejects.toThrow(
    /--spoolDir .* cannot be used: ENOENT.*; it must be a folder/,
  );
});

test("a folder that cannot be made ends the start with one sentence", async () => {
  const folder = await emptyFolder();
  await writeFile(join(folder, "file"), "");
  await expect(openSpool(join(folder, "file", "spool"))).rejects.toThrow(/--spoolDir .* cannot be used/);
  await expect(openSpool(join(folder, "file"))).rejects.toThrow(/cannot be used: ENOTDIR.*; it must be a folder/);
});
