import { type FileHandle, mkdir, open, readdir, rename, unlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { Turnstile } from "./turnstile.ts";

/** The calls of `node:fs/promises` that the spool needs: tests put a disk that fails in their place. */
export interface Files {
  open(
    path: string,
    flags: string,
  ): Promise<Pick<FileHandle, "write" | "read" | "stat" | "datasync" | "sync" | "truncate" | "close">>;
  unlink(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  readdir(path: string): Promise<string[]>;
  mkdir(path: string, options: { recursive: true }): Promise<unknown>;
}

type File = Awaited<ReturnType<Files["open"]>>;

export const realFiles: Files = { open, unlink, rename, readdir, mkdir };

/** Of the four threads that Node has, one stays free. */
const places = 3;

/** Whole operations on files, each with its own opening and closing: as many files are open as operations run. */
export class Disk {
  private readonly files: Files;
  private readonly turnstile = new Turnstile(places);

  constructor(files: Files = realFiles) {
    this.files = files;
  }

  /** The names in a folder, which is made if there is none. */
  list(folder: string): Promise<string[]> {
    return this.turnstile.pass(async () => {
      await this.files.mkdir(folder, { recursive: true });
      return await this.files.readdir(folder);
    });
  }

  /** Makes a file that lasts: its name is on disk, too. */
  create(folder: string, path: string, content: Buffer): Promise<void> {
    return this.withFile(path, "wx", async (file) => {
      try {
        await writeAll(file, content, 0);
        await file.datasync();
        await this.syncFolder(folder);
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

  remove(path: string): Promise<void> {
    return this.turnstile.pass(() => this.files.unlink(path));
  }

  /** Into another folder of the same disk. */
  move(path: string, folder: string): Promise<void> {
    return this.turnstile.pass(async () => {
      await this.files.mkdir(folder, { recursive: true });
      await this.files.rename(path, join(folder, basename(path)));
    });
  }

  /** Rejects when the disk takes nothing. */
  async probe(path: string): Promise<void> {
    await this.withFile(path, "w", async (file) => {
      await writeAll(file, Buffer.alloc(4096), 0);
      await file.datasync();
    });
    await this.remove(path);
  }

  /** Called from inside an operation only, whose place at the turnstile it uses. */
  private async syncFolder(folder: string): Promise<void> {
    const handle = await this.files.open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  private withFile<T>(path: string, flags: string, work: (file: File) => Promise<T>): Promise<T> {
    return this.turnstile.pass(async () => {
      const file = await this.files.open(path, flags);
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
