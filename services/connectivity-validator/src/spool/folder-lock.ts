import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigError } from "@application-connector/service";
import { realFiles } from "./disk.ts";
import { makeFolder } from "./make-folder.ts";

export interface FolderLock {
  release(): void;
}

/**
 * Makes sure that nobody else uses the folder, not even in another container: the kernel holds the lock, and lets go of it
 * when this process ends, however it does. Node itself can lock no files; the SQLite that it brings can.
 *
 * Another one that is about to end is waited for.
 */
export async function lockFolder(folder: string, waitMs: number): Promise<FolderLock> {
  // Loaded here: who needs no spool need not pay for it.
  const { DatabaseSync } = await import("node:sqlite");
  const endsAt = performance.now() + waitMs;
  for (;;) {
    try {
      await makeFolder(realFiles, folder);
      const database = new DatabaseSync(join(folder, "lock"), { timeout: 0 });
      try {
        database.exec("PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE");
        return { release: () => database.close() };
      } catch (error) {
        database.close();
        throw error;
      }
    } catch (cause) {
      if (!isHeldByAnother(cause)) throw unusable(folder, cause);
      if (performance.now() >= endsAt) {
        const remedy = "give every replica a folder of its own";
        throw new ConfigError([`--spoolDir ${folder} is in use by another process; ${remedy}`], { cause });
      }
      await sleep(Math.min(200, Math.max(1, endsAt - performance.now())));
    }
  }
}

/** SQLITE_BUSY. */
const isHeldByAnother = (error: unknown): boolean =>
  error instanceof Error && "errcode" in error && error.errcode === 5;

export function unusable(folder: string, cause: unknown): ConfigError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const remedy = "it must be a folder, on a disk that works, in which this program's user may write";
  return new ConfigError([`--spoolDir ${folder} cannot be used: ${why}; ${remedy}`], { cause });
}
