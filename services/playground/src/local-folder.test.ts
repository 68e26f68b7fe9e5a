import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { FolderInUse, openLocalFolder } from "./local-folder.ts";

function emptyParent(): string {
  const parent = mkdtempSync(path.join(tmpdir(), "playground-"));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  return parent;
}

test("files are for this user only, and gone with the folder afterwards", () => {
  const folder = path.join(emptyParent(), ".local");
  const local = openLocalFolder(folder);
  const key = local.write("pki/client.key", "secret");
  expect(statSync(key).mode & 0o777).toBe(0o600);
  expect(readFileSync(key, "utf8")).toBe("secret");
  local.stop();
  expect(existsSync(folder)).toBe(false);
});

test("what a person put there stays", () => {
  const folder = path.join(emptyParent(), ".local");
  const local = openLocalFolder(folder);
  local.write("kubeconfig", "");
  writeFileSync(path.join(folder, "notes.txt"), "mine");
  local.stop();
  expect(existsSync(path.join(folder, "notes.txt"))).toBe(true);
  expect(existsSync(path.join(folder, "kubeconfig"))).toBe(false);
});

test("the folder of a playground that still runs is refused, that of a killed one is taken over", () => {
  const folder = path.join(emptyParent(), ".local");
  const local = openLocalFolder(folder);
  onTestFinished(() => local.stop());
  writeFileSync(path.join(folder, "playground.pid"), `${process.ppid}\n`);
  expect(() => openLocalFolder(folder)).toThrow(FolderInUse);
  expect(() => openLocalFolder(folder)).toThrow(`process ${process.ppid}`);
  writeFileSync(path.join(folder, "playground.pid"), "4194305\n"); // above the largest pid of Linux
  expect(() => openLocalFolder(folder)).not.toThrow();
});

test("the folder of a program goes with its files, and begins empty after a playground that was killed", () => {
  const folder = path.join(emptyParent(), ".local");
  const killed = path.join(folder, "spool");
  mkdirSync(killed, { recursive: true });
  writeFileSync(path.join(killed, "old"), "");
  const local = openLocalFolder(folder);
  const own = local.subfolder("spool");
  expect(existsSync(own)).toBe(false);
  mkdirSync(own);
  writeFileSync(path.join(own, "new"), "");
  local.stop();
  expect(existsSync(folder)).toBe(false);
});
