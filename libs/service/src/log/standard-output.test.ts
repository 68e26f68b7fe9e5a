import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openOutput } from "./standard-output.ts";

test("what is written is out after a flush", async () => {
  const file = path.join(folder(), "file");
  const output = openOutput(opened(file, "w"));
  for (let i = 0; i < 3; i++) output.write(`line ${i}\n`);
  await output.flush();
  expect(readFileSync(file, "utf8")).toBe("line 0\nline 1\nline 2\n");
  expect(output.dropped).toBe(0);
});

test("a reader that does not read costs a bounded number of lines, and no time", async () => {
  const pipe = path.join(folder(), "pipe");
  execFileSync("mkfifo", [pipe]);
  const fd = opened(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  const output = openOutput(fd, 200_000);
  const line = `${"x".repeat(999)}\n`;
  for (let i = 0; i < 1_000; i++) output.write(line);
  expect(output.dropped).toBeGreaterThan(500);
  expect(output.dropped).toBeLessThan(1_000);
  const buffer = Buffer.alloc(2_000_000);
  let read = 0;
  const more = (): void => {
    try {
      read += readSync(fd, buffer);
    } catch {
      // Nothing there at the moment.
    }
  };
  const timer = setInterval(more, 5);
  await output.flush();
  more();
  clearInterval(timer);
  expect(read).toBe((1_000 - output.dropped) * 1_000);
});

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), "output-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

function opened(file: string, flags: string | number): number {
  const fd = openSync(file, flags);
  onTestFinished(() => closeSync(fd));
  return fd;
}
