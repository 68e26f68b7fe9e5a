import { join } from "node:path";
import { ConfigError } from "@application-connector/service";
import { ApplicationQueue, type QueueSurroundings } from "./application-queue.ts";
import { decodeRecord } from "./record.ts";
import { isOfLaterVersion, readSegment, segmentNumber } from "./segment.ts";

export interface LoadReport {
  /** Bytes of a write that was cut off: nothing of it was acknowledged. */
  torn(path: string, bytes: number): void;
}

/** The numbers of the segments in a folder, in order. */
export async function segmentsOf({ disk, folder }: QueueSurroundings): Promise<{ number: number; path: string }[]> {
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
  const { disk, damagedFolder, report } = around;
  const queues = new Map<string, ApplicationQueue>();
  for (const { path } of segments) {
    const bytes = await disk.readAll(path);
    if (isOfLaterVersion(bytes)) throw new ConfigError([`${path} was written by a later version of this program`]);
    const { marker, records, damaged, end } = readSegment(bytes);
    for (const span of damaged) report.damaged(path, span.end - span.start);
    const isDamaged = damaged.length > 0;
    if (bytes.length > end && !isDamaged) {
      told.torn(path, bytes.length - end);
      await disk.truncate(path, end);
    }
    const [first] = records;
    if (first === undefined) {
      await (isDamaged ? disk.move(path, damagedFolder) : disk.remove(path));
      continue;
    }
    const { event, storedAtMs } = decodeRecord(bytes, first);
    const queue = queues.get(event.application) ?? new ApplicationQueue(event.application, around);
    queues.set(event.application, queue);
    if (queue.events === 0) queue.oldestMs = storedAtMs;
    queue.adopt({
      path,
      marker,
      position: first.start,
      committed: end,
      events: records.length,
      closed: true,
      damaged: isDamaged,
    });
  }
  return queues;
}
