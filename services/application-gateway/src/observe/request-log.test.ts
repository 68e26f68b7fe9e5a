import type { Exchange } from "@application-connector/forward";
import { Problem } from "@application-connector/problem";
import { describe, expect, test } from "vitest";
import { EntryStats } from "./entry-stats.ts";
import { LineWriter } from "./line-writer.ts";
import { Observation } from "./observation.ts";
import { createRequestLog } from "./request-log.ts";

const labels = { application: "a", service: "s", entry: "" };
const exchange = {
  method: "GET",
  url: "/a/s/x?key=hidden",
  remoteAddress: "10.0.0.1",
  headers: ["X-Request-Id", "id"] as readonly string[],
} as Exchange;
const outcome = { status: 200, targetStatus: 200, requestBytes: 0, responseBytes: 7, complete: true };

describe("the log of requests", () => {
  test("names failures of ours as warnings, mistakes of callers for who debugs, and no query", () => {
    const { see, lines } = world();
    see().failed(new Problem("TARGET_TIMEOUT", "late", { cause: new Error("hidden") }), true);
    see().refused(new Problem("ENTRY_NOT_FOUND", "none"));
    const common = { requestId: "id", ...labels, method: "GET", path: "/a/s/x" };
    expect(lines).toEqual([
      ["warn", { ...common, status: 504, reason: "target_timeout", error: "late", cause: "Error" }],
      ["debug", { ...common, status: 404, reason: "entry_not_found", error: "none" }],
    ]);
  });

  test("has no line for a client that left", () => {
    const { see, lines } = world();
    see().failed(new Problem("TARGET_UNREACHABLE", "gone"), false);
    expect(lines).toEqual([]);
  });

  test("shows no password of a request target in absolute form", () => {
    const { see, lines } = world();
    see({ url: "http://user:hidden@gateway/a/s/x?key=hidden" }).refused(new Problem("ENTRY_NOT_FOUND", "none"));
    expect(lines).toEqual([["debug", expect.objectContaining({ path: "http://gateway/a/s/x" })]]);
  });

  test("has a line for every request when asked, in batches", () => {
    const { see, access, written } = world();
    const answered = see();
    answered.configured();
    answered.forwarding();
    answered.responded();
    answered.retrying("401");
    answered.forwarding();
    answered.done(outcome);
    const failed = see();
    failed.failed(new Problem("TARGET_UNREACHABLE", "gone"), true);
    failed.done({ ...outcome, status: 502 });
    expect(written).toEqual([]);
    access.flush();
    expect(written.length).toBe(1);
    const [first, second] = written
      .join("")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(first).toMatchObject({
      msg: "request",
      requestId: "id",
      path: "/a/s/x",
      client: "10.0.0.1",
      ...labels,
      status: 200,
      targetStatus: 200,
      responseBytes: 7,
      retried: "401",
    });
    for (const name of ["configMs", "authMs", "targetMs", "durationMs"]) expect(first[name], name).toBeGreaterThan(0);
    expect(second).toMatchObject({ status: 502, error: "target_unreachable" });
    expect(written.join("")).not.toContain("hidden");
  });
});

describe("a writer of lines", () => {
  test("writes without being asked once there is much to write", () => {
    const { access, written } = world();
    access.write("x".repeat(70_000));
    expect(written).toEqual([`${"x".repeat(70_000)}\n`]);
  });

  test("writes the rest when it is stopped, and nothing twice", () => {
    const { access, written } = world();
    access.write("a");
    access.write("b");
    access.stop();
    access.stop();
    expect(written).toEqual(["a\nb\n"]);
  });
});

function world() {
  const lines: [string, object][] = [];
  const written: string[] = [];
  const access = new LineWriter({ write: (text) => written.push(text) });
  const to = (level: string) => (fields: object) => lines.push([level, fields]);
  const log = createRequestLog({ debug: to("debug"), warn: to("warn") }, access);
  const see = (other: Partial<Exchange> = {}) =>
    new Observation({ ...exchange, ...other }, new EntryStats(labels), log);
  return { see, access, lines, written };
}
