import { basename, join } from "node:path";
import type { Service } from "@application-connector/service";
import type { Disk } from "./disk.ts";
import { codeOf } from "./make-folder.ts";

interface Kept {
  readonly path: string;
  readonly bytes: number;
}

/** Segments with records that cannot be read: kept for somebody to look at, the latest of them, as long as there is room. */
export class DamagedFiles {
  private readonly disk: Disk;
  private readonly folder: string;
  private readonly maxBytes: number;
  private readonly log: Service["log"];
  /** Oldest first. */
  private readonly kept: Kept[] = [];

  constructor(disk: Disk, folder: string, maxBytes: number, log: Service["log"]) {
    this.disk = disk;
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.log = log;
  }

  get bytes(): number {
    return this.kept.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** What earlier runs have kept, oldest first. */
  async adopt(paths: readonly string[]): Promise<void> {
    for (const path of paths) this.kept.push({ path, bytes: await this.sizeOf(path) });
    await this.makeRoom();
  }

  /** Takes the file away from where it is. */
  async keep(path: string): Promise<void> {
    const bytes = await this.sizeOf(path);
    await this.disk.move(path, this.folder);
    this.kept.push({ path: join(this.folder, basename(path)), bytes });
    await this.makeRoom();
  }

  /** What cannot be measured is no reason not to keep it. */
  private async sizeOf(path: string): Promise<number> {
    return await this.disk.size(path).catch(() => 0);
  }

  /** One that is too large by itself stays until the next one comes. */
  private async makeRoom(): Promise<void> {
    while (this.kept.length > 1 && this.bytes > this.maxBytes) {
      const { path, bytes } = this.kept.shift() as Kept;
      try {
        await this.disk.remove(path);
        this.log.error({ path, bytes }, "A file with damaged events had to make room for later ones.");
      } catch (error) {
        // Somebody has taken it. One that cannot be removed is met again at the next start.
        if (codeOf(error) !== "ENOENT") this.log.error({ path, err: error }, "A damaged file cannot be removed.");
      }
    }
  }
}
