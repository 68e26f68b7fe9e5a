import { createService, type ServiceOptions } from "@application-connector/service";
import { expect, onTestFinished, test } from "vitest";
import { fatalLine, logShape } from "./log-shape.ts";

function logger(options: Partial<ServiceOptions> = {}) {
  const lines: string[] = [];
  const logDestination = { write: (line: string) => void lines.push(line) };
  const service = createService("connectivity-validator", { logShape, logDestination, logLevel: "debug", ...options });
  onTestFinished(() => service.stop());
  return { log: service.log, lines, last: () => JSON.parse(lines.at(-1) ?? "") as Record<string, unknown> };
}

test("a line has upstream's fields and no others; everything else is in context", () => {
  const { log, last } = logger();
  log.warn({ handler: "h", application: "std" }, "text");
  expect(last()).toEqual({
    level: "WARN",
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/),
    caller: expect.stringMatching(/^observe\/log-shape\.test\.ts:\d+$/),
    message: "text",
    context: { handler: "h", application: "std" },
  });
});

test("a line of a request carries its trace ids beside the context", () => {
  const { log, last } = logger();
  log.info({ traceid: "unknown", spanid: "1;2", reason: "r" }, "text");
  expect(last()).toMatchObject({ traceid: "unknown", spanid: "1;2", context: { reason: "r" } });
  expect(Object.keys(last())).toEqual(["level", "timestamp", "caller", "traceid", "spanid", "context", "message"]);
});

test.each(["debug", "info", "warn", "error", "fatal"] as const)("%s is written in capitals", (level) => {
  const { log, last } = logger();
  log[level]("plain");
  expect(last()).toMatchObject({ level: level.toUpperCase(), message: "plain", context: {} });
});

test("an error keeps its stack in the context", () => {
  const { log, last } = logger();
  log.error({ err: new Error("broken") }, "text");
  expect(last()).toMatchObject({ context: { error: expect.stringContaining("Error: broken\n    at ") } });
});

test("text is the same on one line for people", () => {
  const { log, lines } = logger({ logFormat: "text" });
  log.error({ handler: "h" }, "text");
  expect(lines.at(-1)).toMatch(/^\S+Z\tERROR\ttext\t\{.*"context":\{"handler":"h"\}\}\n$/);
});

test("what ends the program before it has a log looks the same", () => {
  expect(JSON.parse(fatalLine("no"))).toEqual({
    level: "FATAL",
    timestamp: expect.any(String),
    caller: expect.stringMatching(/log-shape\.test\.ts:\d+$/),
    message: "no",
    context: {},
  });
});
