import type { Service } from "@application-connector/service";
import type { DiskReport } from "./queue-surroundings.ts";

export interface DiskHealthOptions {
  readonly log: Service["log"];
  readonly folder: string;
  /** Writes and removes a file; finds out whether the disk has recovered. */
  readonly probe: () => Promise<void>;
  readonly probeEveryMs: number;
}

/** What is known of the disk, from what it did with what it was asked for. */
export class DiskHealth implements DiskReport {
  /** Bytes of records that could not be read, and were acknowledged. */
  damagedBytes = 0;
  failures = 0;
  private readonly options: DiskHealthOptions;
  private state: "well" | "full" | "failing" = "well";
  private why = "";
  private probing = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: DiskHealthOptions) {
    this.options = options;
  }

  get isWell(): boolean {
    return this.state === "well";
  }

  /** It has no room, which is no reason to send events elsewhere: it gets some as soon as events are delivered. */
  get isFull(): boolean {
    return this.state === "full";
  }

  /** Why nothing can be written; undefined when it can. */
  get problem(): string | undefined {
    return this.state === "failing" ? `the spool cannot be written: ${this.why}` : undefined;
  }

  well(): void {
    if (this.state === "well") return;
    this.state = "well";
    this.stop();
    this.options.log.info({ folder: this.options.folder }, "The spool can be written again.");
  }

  failed(error: unknown): void {
    this.failures++;
    const state = isFullDisk(error) ? "full" : "failing";
    this.why = error instanceof Error ? error.message : String(error);
    if (state === this.state) return;
    this.state = state;
    const { log, folder, probeEveryMs } = this.options;
    const remedy = state === "full" ? "make room on its volume" : "look at its volume";
    log.error({ folder, err: error }, `The spool takes no events, because its disk is ${state}: ${remedy}.`);
    this.timer ??= setInterval(() => void this.probe(), probeEveryMs).unref();
  }

  /** Nothing that keeps the disk from taking events. */
  unread(error: unknown): void {
    this.failures++;
    const { log, folder } = this.options;
    log.error({ folder, err: error }, "Events in the spool cannot be read: look at its volume. They are tried again.");
  }

  /** Whether it can be written at the moment: what it does not give then will not come back. */
  async works(): Promise<boolean> {
    try {
      await this.options.probe();
      return true;
    } catch {
      return false;
    }
  }

  damaged(path: string, bytes: number): void {
    this.damagedBytes += bytes;
    this.options.log.error(
      { path, bytes },
      "Events in the spool are damaged and cannot be delivered; their file is kept.",
    );
  }

  torn(path: string, bytes: number): void {
    this.options.log.warn(
      { path, bytes },
      "The end of a file of the spool was not written whole; it was not acknowledged.",
    );
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async probe(): Promise<void> {
    if (this.probing) return;
    this.probing = true;
    try {
      await this.options.probe();
      this.well();
    } catch (error) {
      this.failed(error);
    } finally {
      this.probing = false;
    }
  }
}

function isFullDisk(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOSPC" || code === "EDQUOT";
}
