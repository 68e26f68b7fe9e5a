import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { inject, onTestFinished } from "vitest";

const workspace = path.resolve(import.meta.dirname, "../../..");

/** The program in an image: the bundle of a release at a real API server, the same unbundled where tests are to be quick. */
export function programOf(image: string): string {
  const name = path.basename(image).replace(/[:@].*$/, "");
  const cwd = path.join(workspace, "services", name);
  if (inject("controlPlane") === undefined) return path.join(cwd, "src/main.ts");
  const folder = mkdtempSync(path.join(tmpdir(), "bundle-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  execFileSync(process.execPath, [path.join(workspace, "tools/bundle.ts"), folder], { cwd });
  return path.join(folder, "main.mjs");
}
