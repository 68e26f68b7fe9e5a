import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Files } from "./disk.ts";

/**
 * Makes a folder, and those above it that are missing, so that they are there after a loss of power, too. Node's own
 * recursive `mkdir` syncs nothing, and never ends where the system lets nobody make a folder, as below /proc.
 */
export async function makeFolder(files: Pick<Files, "mkdir" | "open">, folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) await makeFolder(files, parent);
  try {
    await files.mkdir(folder, 0o700);
  } catch (error) {
    // Somebody else has made it meanwhile.
    if (!(await isFolder(folder))) throw error;
  }
  await syncFolder(files, parent);
}

/** Puts on disk which names are in a folder. */
export async function syncFolder(files: Pick<Files, "open">, folder: string): Promise<void> {
  const handle = await files.open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
  throw Object.assign(new Error(`ENOTDIR: ${path} is no folder`), { code: "ENOTDIR" });
}

/** The system's word for what went wrong, such as `ENOSPC`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
