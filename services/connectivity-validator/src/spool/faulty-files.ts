import { type Files, realFiles } from "./disk.ts";

export type Operation = "open" | "write" | "datasync" | "sync" | "truncate" | "unlink" | "read" | "write of events";

/** A disk that fails when it is told to. */
export interface FaultyFiles extends Files {
  /** From now on these operations fail so; undefined: they work. */
  fault: { readonly operations: readonly Operation[]; readonly code: string } | undefined;
  /** Of a write, only half is written, and the rest is refused. */
  halfWrites: boolean;
  /** These bytes of any file cannot be read. */
  gap: { readonly start: number; readonly end: number } | undefined;
  /** Of the calls so far. */
  readonly counts: { read: number; sync: number };
  /** Resolves when the disk is to go on. */
  hang: Promise<void> | undefined;
}

export function faultyFiles(): FaultyFiles {
  const check = async (operation: Operation, isWriting = true): Promise<void> => {
    if (isWriting) await files.hang;
    const { fault } = files;
    if (fault?.operations.includes(operation))
      throw Object.assign(new Error(`${fault.code}: as the test wants it, ${operation}`), { code: fault.code });
  };
  const files: FaultyFiles = {
    fault: undefined,
    halfWrites: false,
    gap: undefined,
    counts: { read: 0, sync: 0 },
    hang: undefined,
    mkdir: realFiles.mkdir,
    readdir: realFiles.readdir,
    rename: realFiles.rename,
    async unlink(path) {
      await check("unlink");
      await realFiles.unlink(path);
    },
    async open(path, flags, mode) {
      await check("open", flags !== "r");
      const file = await realFiles.open(path, flags, mode);
      const write = file.write.bind(file) as (...args: unknown[]) => Promise<{ bytesWritten: number; buffer: Buffer }>;
      const { datasync, sync, truncate, read } = file;
      return Object.assign(file, {
        async write(bytes: Buffer, offset: number, length: number, position: number) {
          await check("write");
          if (length > 64) await check("write of events");
          return await write(bytes, offset, files.halfWrites ? Math.floor(length / 2) : length, position);
        },
        async datasync() {
          await check("datasync");
          await datasync.call(file);
        },
        async sync() {
          files.counts.sync++;
          await check("sync");
          await sync.call(file);
        },
        async truncate(length?: number) {
          await check("truncate");
          await truncate.call(file, length);
        },
        async read(bytes: Buffer, offset: number, length: number, position: number) {
          files.counts.read++;
          await check("read", false);
          const { gap } = files;
          if (gap !== undefined && position < gap.end && position + length > gap.start)
            throw Object.assign(new Error("EIO: as the test wants it, a gap"), { code: "EIO" });
          return await (read as (...given: unknown[]) => unknown).call(file, bytes, offset, length, position);
        },
      }) as never;
    },
  };
  return files;
}
