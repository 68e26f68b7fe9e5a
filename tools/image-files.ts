import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

export class CannotBuild extends Error {}

/** Puts Node and all that it needs of a system into a folder: its libraries, and who the user is. */
export function systemFiles(folder: string, node: string): void {
  if (process.platform !== "linux")
    throw new CannotBuild(`images are for Linux, and its libraries are not on ${process.platform}`);
  const program = path.join(folder, "nodejs/bin/node");
  mkdirSync(path.dirname(program), { recursive: true });
  copyFileSync(node, program);
  for (const library of librariesOf(node)) {
    mkdirSync(path.dirname(path.join(folder, library)), { recursive: true });
    copyFileSync(library, path.join(folder, library));
  }
  mkdirSync(path.join(folder, "etc"));
  writeFileSync(path.join(folder, "etc/passwd"), "nonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin\n");
  writeFileSync(path.join(folder, "etc/group"), "nonroot:x:65532:\n");
  writeFileSync(path.join(folder, "etc/nsswitch.conf"), "hosts: files dns\n");
  mkdirSync(path.join(folder, "tmp"));
  chmodSync(path.join(folder, "tmp"), 0o1777);
}

/** Bundles a program into the folder `app`, whole: what it imports lazily stands beside main.mjs. */
export function programFiles(folder: string, service: string, node: string): void {
  const app = path.join(folder, "app");
  const bundle = path.resolve(import.meta.dirname, "bundle.ts");
  execFileSync(node, [bundle, app], { cwd: service, stdio: ["ignore", "inherit", "inherit"] });
  for (const file of readdirSync(app)) if (file.endsWith(".map")) rmSync(path.join(app, file));
}

/** The same folder gives the same bytes: sorted, and without times and owners. */
export function tarOf(folder: string): Buffer {
  const flags = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--format=posix"];
  const reproducible = "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime";
  try {
    return execFileSync("tar", [...flags, reproducible, "-C", folder, "-cf", "-", "."], { maxBuffer: 1024 ** 3 });
  } catch (error) {
    throw new CannotBuild("images need GNU tar", { cause: error });
  }
}

function librariesOf(program: string): string[] {
  try {
    const text = execFileSync("ldd", [program], { encoding: "utf8" });
    return [...new Set(text.match(/\/\S+/g) ?? [])];
  } catch (error) {
    throw new CannotBuild("images need ldd, which tells the libraries of Node", { cause: error });
  }
}
