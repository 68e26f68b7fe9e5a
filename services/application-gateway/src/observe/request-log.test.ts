import type { Exchange } from "@application-connector/forward";
import { Problem } from "@application-connector/problem";
import { describe, expect, test } from "vitest";
import type { TargetUrl } from "../target/target-url.ts";
import { LineWriter } from "./line-writer.ts";
import { Observation } from "./observation.ts";
import { createRequestLog } from "./request-log.ts";
import { StatsBook } from "./stats-book.ts";

const labels = { application: "a", service: "s", entry: "" };
const exchange = {
  method: "GET",
  url: "/a/s/x?key=hidden",
  remoteAddress: "10.0.0.1",
  headers: ["X-Request-Id", "id"] as readonly string[],
} as Exchange;
const outcome = { status: 200, targetStatus: 200, tries: 1, requestBytes: 0, responseBytes: 7, complete: true };

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

  test("has a line for every request when asked", () => {
    const { see, access } = world();
    const answered = see();
    answered.configured();
    answered.forwarding([], { url: { origin: "http://t" } as TargetUrl, strip: {} }, "/");
    answered.responded(401);
    answered.retrying("401");
    answered.forwarding([], { url: { origin: "http://t" } as TargetUrl, strip: {} }, "/");
    answered.done({ ...outcome, tries: 2 });
    const failed = see({ headers: ["x-request-id", '"\\'] });
    failed.failed(new Problem("TARGET_UNREACHABLE", "gone"), true);
    failed.done({ ...outcome, status: 502, targetStatus: undefined });
    see().done({ ...outcome, failure: { kind: "reset" }, complete: false });
    const [first, second, third] = access.map((line) => JSON.parse(line));
    expect(first).toEqual({
      level: "info",
      time: expect.stringMatching(/^20\d\d-.*Z$/),
      msg: "request",
      requestId: "id",
      method: "GET",
      path: "/a/s/x",
      client: "10.0.0.1",
      ...labels,
      status: 200,
      origin: "target",
      targetStatus: 200,
      requestBytes: 0,
      responseBytes: 7,
      complete: true,
      durationMs: expect.any(Number),
      configMs: expect.any(Number),
      authMs: expect.any(Number),
      targetMs: expect.any(Number),
      retried: true,
    });
    for (const name of ["configMs", "authMs", "targetMs", "durationMs"]) expect(first[name], name).toBeGreaterThan(0);
    expect(second).toMatchObject({ requestId: '"\\', status: 502, origin: "gateway", error: "target_unreachable" });
    expect(second).not.toHaveProperty("targetStatus");
    expect(third).toMatchObject({ status: 200, complete: false, error: "reset" });
    expect(access.join("")).not.toContain("hidden");
  });

  test("has a line for one of many, and for all that failed, when asked so", () => {
    const { see, access } = world({ oneOf: 3 });
    for (let i = 0; i < 7; i++) see().done(outcome);
    expect(access.length).toBe(3);
    see().refused(new Problem("ENTRY_NOT_FOUND", "none"));
    see().done({ ...outcome, status: 502 });
    see().done({ ...outcome, complete: false });
    expect(access.length).toBe(6);
  });

  test("has no lines for requests while the level is above info", () => {
    const { see, access } = world({ level: "warn" });
    see().done(outcome);
    see().refused(new Problem("ENTRY_NOT_FOUND", "none"));
    expect(access).toEqual([]);
  });
});

describe("a writer of lines", () => {
  test("writes in batches, and without being asked once there is much to write", () => {
    const { writer, written } = sink();
    writer.write("a");
    writer.write("b");
    expect(written).toEqual([]);
    writer.write("x".repeat(70_000));
    expect(written).toEqual([`a\nb\n${"x".repeat(70_000)}\n`]);
  });

  test("writes the rest when it is stopped, and nothing twice", async () => {
    const { writer, written } = sink();
    writer.write("a");
    await writer.stop();
    await writer.stop();
    expect(written).toEqual(["a\n", "flushed", "flushed"]);
  });
});

function sink() {
  const written: string[] = [];
  const writer = new LineWriter({
    write: (text) => void written.push(text),
    flush: async () => void written.push("flushed"),
  });
  return { writer, written };
}

function world({ oneOf = 1, level = "debug" } = {}) {
  const lines: [string, object][] = [];
  const access: string[] = [];
  const to = (level: string) => (fields: object) => lines.push([level, fields]);
  const isLevelEnabled = (wanted: string): boolean => wanted === level || level === "debug";
  const log = createRequestLog(
    { isLevelEnabled, debug: to("debug"), warn: to("warn") },
    { lines: { write: (line) => void access.push(line) }, oneOf },
  );
  const see = (other: Partial<Exchange> = {}) => {
    const seen = new Observation({ ...exchange, ...other }, new StatsBook("entry"), log);
    seen.labels = labels;
    return seen;
  };
  return { see, access, lines };
}
