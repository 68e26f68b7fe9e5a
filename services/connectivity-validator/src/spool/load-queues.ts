import { join } from "node:path";
import { ConfigError } from "@application-connector/service";
import { ApplicationQueue } from "./application-queue.ts";
import { isUnreadable } from "./disk.ts";
import type { QueueSurroundings } from "./queue-surroundings.ts";
import { type Span, type StoredEvent, tryToDecode } from "./record.ts";
import { isOfLaterVersion, readSegment, segmentNumber } from "./segment.ts";

export interface LoadReport {
  /** Bytes of a write that was cut off: nothing of it was acknowledged. */
  torn(path: string, bytes: number): void;
}

/** The numbers of the segments in a folder, in order. */
export async function segmentsOf({
  disk,
  folder,
}: Pick<QueueSurroundings, "disk" | "folder">): Promise<{ number: number; path: string }[]> {
  const names = await disk.list(folder);
  return names
    .flatMap((name) => {
      const number = segmentNumber(name);
      return number === undefined ? [] : [{ number, path: join(folder, name) }];
    })
    .sort((one, other) => one.number - other.number);
}

/** Reads what earlier runs have left in the folder. Nothing is appended to their segments any more. */
export async function loadQueues(
  around: QueueSurroundings,
  segments: readonly { readonly path: string }[],
  told: LoadReport,
): Promise<Map<string, ApplicationQueue>> {
  const { disk, damaged: damagedFiles, report } = around;
  const queues = new Map<string, ApplicationQueue>();
  for (const { path } of segments) {
    const { bytes, hasGaps } = await readFile(around, path);
    if (isOfLaterVersion(bytes)) {
      const remedy = "start that version again, until nothing waits, or move the file elsewhere";
      throw new ConfigError([`${path} was written by a later version of this program; ${remedy}`]);
    }
    const { marker, records, damaged, end } = readSegment(bytes);
    for (const span of damaged) report.damaged(path, span.end - span.start);
    const isDamaged = damaged.length > 0 || hasGaps;
    if (bytes.length > end && !isDamaged) {
      told.torn(path, bytes.length - end);
      await disk.truncate(path, end);
    }
    const known = firstKnown(bytes, records);
    if (known === undefined) {
      await (isDamaged || records.length > 0 ? damagedFiles.keep(path) : disk.remove(path));
      continue;
    }
    const { event, storedAtMs } = known;
    const queue = queues.get(event.application) ?? new ApplicationQueue(event.application, around);
    queues.set(event.application, queue);
    if (queue.events === 0) queue.oldestMs = storedAtMs;
    queue.adopt({
      path,
      marker,
      position: (records[0] as Span).start,
      committed: end,
      events: records.length,
      closed: true,
      damaged: isDamaged,
      hasGaps,
    });
  }
  return queues;
}

/** A part of the disk that is gone must not keep the program from starting; a disk that is gone must. */
async function readFile(
  { disk, folder }: QueueSurroundings,
  path: string,
): Promise<{ bytes: Buffer; hasGaps: boolean }> {
  try {
    return { bytes: await disk.readAll(path), hasGaps: false };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    await disk.probe(join(folder, "probe"));
    return { bytes: await disk.readAround(path), hasGaps: true };
  }
}

function firstKnown(bytes: Buffer, records: readonly Span[]): StoredEvent | undefined {
  for (const span of records) {
    const stored = tryToDecode(bytes, span);
    if (stored !== undefined) return stored;
  }
  return undefined;
}
