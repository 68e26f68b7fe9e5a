import { type FileHandle, mkdir, open, readdir, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf, makeFolder, syncFolder } from "./make-folder.ts";
import { Turnstile } from "./turnstile.ts";

/** The calls of `node:fs/promises` that the spool needs: tests put a disk that fails in their place. */
export interface Files {
  open(
    path: string,
    flags: string,
    mode?: number,
  ): Promise<Pick<FileHandle, "write" | "read" | "stat" | "datasync" | "sync" | "truncate" | "close">>;
  unlink(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  readdir(path: string): Promise<string[]>;
  mkdir(path: string, mode: number): Promise<unknown>;
}

type File = Awaited<ReturnType<Files["open"]>>;

export const realFiles: Files = { open, unlink, rename, readdir, mkdir };

/** Of the four threads that Node has, one stays free. */
const places = 3;
/** What disks give or refuse as one. */
const blockBytes = 4096;
/** A disk that takes less has no room for events. */
const probeBytes = 64 * 1024;
/** Stands for what cannot be read; a file that was made longer than it was written holds zeros. */
const unreadable = 0xff;

/** Whole operations on files, each with its own opening and closing: as many files are open as operations run. */
export class Disk {
  private readonly files: Files;
  private readonly turnstile = new Turnstile(places);

  constructor(files: Files = realFiles) {
    this.files = files;
  }

  /** The names in a folder, which is made if there is none; when it resolves, the folder lasts. */
  list(folder: string): Promise<string[]> {
    return this.turnstile.pass(async () => {
      await makeFolder(this.files, folder);
      // Whoever has made it may have been killed before it was on disk.
      await syncFolder(this.files, dirname(folder));
      return await this.files.readdir(folder);
    });
  }

  /** Makes a file that lasts: its name is on disk, too. */
  create(folder: string, path: string, content: Buffer): Promise<void> {
    return this.withFile(path, "wx", async (file) => {
      try {
        await writeAll(file, content, 0);
        await file.datasync();
        await syncFolder(this.files, folder);
      } catch (error) {
        await this.files.unlink(path).catch(() => undefined);
        throw error;
      }
    });
  }

  /** When it resolves, the bytes are on disk. */
  append(path: string, chunks: readonly Buffer[], position: number): Promise<void> {
    return this.withFile(path, "r+", async (file) => {
      await writeAll(file, chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks), position);
      await file.datasync();
    });
  }

  /** Not synced: whoever reads an older state repeats what was done. */
  overwrite(path: string, content: Buffer, position: number): Promise<void> {
    return this.withFile(path, "r+", (file) => writeAll(file, content, position));
  }

  truncate(path: string, length: number): Promise<void> {
    return this.withFile(path, "r+", async (file) => {
      await file.truncate(length);
      await file.datasync();
    });
  }

  /** Up to `length` bytes; fewer only at the end of the file. */
  read(path: string, position: number, length: number): Promise<Buffer> {
    return this.withFile(path, "r", (file) => readUpTo(file, position, length));
  }

  readAll(path: string): Promise<Buffer> {
    return this.withFile(path, "r", async (file) => readUpTo(file, 0, (await file.stat()).size));
  }

  /** As {@link read}, but of what the disk does not give only the blocks concerned are missing. Without a length: all. */
  readAround(path: string, position = 0, length?: number): Promise<Buffer> {
    return this.withFile(path, "r", async (file) => {
      const end = Math.min(
        (await file.stat()).size,
        length === undefined ? Number.POSITIVE_INFINITY : position + length,
      );
      const content = Buffer.alloc(Math.max(0, end - position), unreadable);
      await readInto(file, content, position);
      return content;
    });
  }

  size(path: string): Promise<number> {
    return this.withFile(path, "r", async (file) => (await file.stat()).size);
  }

  remove(path: string): Promise<void> {
    return this.turnstile.pass(() => this.files.unlink(path));
  }

  /** Into another folder of the same disk. */
  move(path: string, folder: string): Promise<void> {
    return this.turnstile.pass(async () => {
      await makeFolder(this.files, folder);
      await this.files.rename(path, join(folder, basename(path)));
    });
  }

  /** Rejects when the disk takes nothing. */
  async probe(path: string): Promise<void> {
    await this.withFile(path, "w", async (file) => {
      await writeAll(file, Buffer.alloc(probeBytes), 0);
      await file.datasync();
    });
    await this.remove(path);
  }

  private withFile<T>(path: string, flags: string, work: (file: File) => Promise<T>): Promise<T> {
    return this.turnstile.pass(async () => {
      // Events are nobody else's business.
      const file = await this.files.open(path, flags, 0o600);
      try {
        return await work(file);
      } finally {
        await file.close();
      }
    });
  }
}

/** A disk that is nearly full takes a part and refuses the rest the next time. */
async function writeAll(file: File, content: Buffer, position: number): Promise<void> {
  for (let done = 0; done < content.length; ) {
    const { bytesWritten } = await file.write(content, done, content.length - done, position + done);
    if (bytesWritten === 0) throw Object.assign(new Error("the disk takes no more"), { code: "ENOSPC" });
    done += bytesWritten;
  }
}

/** Reads what can be read: the halves of what cannot be read as one, down to single blocks. */
async function readInto(file: File, content: Buffer, position: number): Promise<void> {
  if (content.length === 0) return;
  try {
    (await readUpTo(file, position, content.length)).copy(content);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    const blocks = (position + content.length / 2) / blockBytes;
    const before = Math.floor(blocks) * blockBytes - position;
    const middle = before > 0 ? before : Math.ceil(blocks) * blockBytes - position;
    if (middle >= content.length) return;
    await readInto(file, content.subarray(0, middle), position);
    await readInto(file, content.subarray(middle), position + middle);
  }
}

/** A part of the disk is gone. Everything else that goes wrong may be well again later. */
export const isUnreadable = (error: unknown): boolean => codeOf(error) === "EIO";

async function readUpTo(file: File, position: number, length: number): Promise<Buffer> {
  const content = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(content, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return content.subarray(0, done);
}
