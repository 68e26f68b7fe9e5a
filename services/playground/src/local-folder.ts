import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** The folder was found in use: another playground, still alive, owns it. */
export class FolderInUse extends Error {
  override readonly name = "FolderInUse";
  readonly expected = true;
}

/** Files that a person uses while the playground runs: certificates, a kubeconfig. Gone when it stops. */
export interface LocalFolder {
  readonly path: string;
  /** Writes a file, readable by this user only, and returns its path. */
  write(name: string, content: string): string;
  /** The path of a folder for the files of a program, which is not there yet; it goes with all that is in it. */
  subfolder(name: string): string;
  stop(): void;
}

const ownerFile = "playground.pid";

/** Takes the folder. One that a killed playground left behind is taken over. */
export function openLocalFolder(folder: string): LocalFolder {
  const owner = readOwner(folder);
  if (owner !== undefined && owner !== process.pid && isAlive(owner)) {
    throw new FolderInUse(
      `${folder} belongs to a playground that runs as process ${owner}; stop it, or give another folder with --folder`,
    );
  }
  const written = new Set<string>();
  const subfolders = new Set<string>();
  const write = (name: string, content: string): string => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    rmSync(file, { force: true }); // so that the mode below holds for a file left behind, too
    writeFileSync(file, content, { mode: 0o600 });
    written.add(file);
    return file;
  };
  write(ownerFile, `${process.pid}\n`);
  return {
    path: folder,
    write,
    subfolder(name) {
      const own = path.join(folder, name);
      rmSync(own, { recursive: true, force: true });
      subfolders.add(own);
      return own;
    },
    stop() {
      for (const own of subfolders) rmSync(own, { recursive: true, force: true });
      for (const file of written) rmSync(file, { force: true });
      // Only what is empty: a person may have put files of their own here.
      for (const parent of new Set(
        [...written].map((file) => path.dirname(file)).sort((a, b) => b.length - a.length),
      )) {
        if (existsSync(parent) && readdirSync(parent).length === 0) rmdirSync(parent);
      }
    },
  };
}

function readOwner(folder: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(path.join(folder, ownerFile), "utf8"), 10) || undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
