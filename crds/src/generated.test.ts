import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const root = join(import.meta.dirname, "..");
const upToDate = { status: 0, stdout: "", stderr: "" };

test("the generated files are what the manifests say", () => {
  expect(check(root)).toEqual(upToDate);
});

test("the check names the file that differs, and generating again repairs it", () => {
  const copy = copyOfPackage();
  const file = join(copy, "src/generated/applications.ts");
  writeFileSync(file, readFileSync(file, "utf8").replace("skipVerify?: boolean", "skipVerify?: string"));
  const stderr = `crds/src/generated/applications.ts is not what crds/*.yaml say; run "node crds/tools/generate.ts".\n`;
  expect(check(copy)).toEqual({ status: 1, stdout: "", stderr });

  expect(run(copy).status).toBe(0);
  expect(check(copy)).toEqual(upToDate);
});

test("the check names a generated file that no manifest stands behind", () => {
  const copy = copyOfPackage();
  writeFileSync(join(copy, "src/generated/leftover.ts"), "");
  expect(check(copy)).toMatchObject({ status: 1, stderr: expect.stringContaining("generated/leftover.ts") });
});

test("a schema keyword that the validator does not check is refused", () => {
  const copy = copyOfPackage();
  const manifest = join(copy, "applicationconnector.kyma-project.io_applications.yaml");
  writeFileSync(
    manifest,
    readFileSync(manifest, "utf8").replace("default: true", "default: true\n                  not: {}"),
  );
  expect(check(copy)).toMatchObject({ status: 1, stderr: expect.stringContaining('.spec.encodeUrl uses "not"') });
});

function copyOfPackage(): string {
  const folder = mkdtempSync(join(tmpdir(), "crds-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const copy = join(folder, "crds");
  cpSync(root, copy, { recursive: true, filter: (source) => !/node_modules|\.types|\.test\./.test(source) });
  for (const [from, to] of [
    [join(root, "node_modules"), join(copy, "node_modules")],
    [join(root, "../node_modules"), join(folder, "node_modules")],
  ] as const) {
    symlinkSync(from, to);
  }
  return copy;
}

function run(folder: string, ...options: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, "tools/generate.ts"), ...options], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

function check(folder: string) {
  return run(folder, "--check");
}
