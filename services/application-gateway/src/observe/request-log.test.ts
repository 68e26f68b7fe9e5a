import type { Exchange } from "@application-connector/forward";
import { Problem } from "@application-connector/problem";
import { describe, expect, test } from "vitest";
import { LineWriter } from "./line-writer.ts";
import { createRequestLog } from "./request-log.ts";

const labels = { application: "a", service: "s", entry: "" };
const exchange = { method: "GET", url: "/a/s/x?key=hidden", remoteAddress: "10.0.0.1" } as Exchange;
const outcome = { status: 200, targetStatus: 200, requestBytes: 0, responseBytes: 7, complete: true };

describe("the log of requests", () => {
  test("names failures of ours as warnings, mistakes of callers for who debugs, and no query", () => {
    const { log, lines } = world();
    log.problem(exchange, labels, new Problem("TARGET_TIMEOUT", "late", { cause: new Error("hidden") }));
    log.problem(exchange, labels, new Problem("ENTRY_NOT_FOUND", "none"));
    expect(lines).toEqual([
      [
        "warn",
        {
          ...labels,
          method: "GET",
          path: "/a/s/x",
          status: 504,
          reason: "target_timeout",
          error: "late",
          cause: "Error",
        },
      ],
      ["debug", { ...labels, method: "GET", path: "/a/s/x", status: 404, reason: "entry_not_found", error: "none" }],
    ]);
  });

  test("shows no password of a request target in absolute form", () => {
    const { log, lines } = world();
    const absolute = { ...exchange, url: "http://user:hidden@gateway/a/s/x?key=hidden" } as Exchange;
    log.problem(absolute, labels, new Problem("ENTRY_NOT_FOUND", "none"));
    expect(lines).toEqual([["debug", expect.objectContaining({ path: "http://gateway/a/s/x" })]]);
  });

  test("has a line for every request when asked, in batches", () => {
    const { log, access, written } = world();
    log.done(exchange, labels, performance.now(), outcome, undefined);
    log.done(
      exchange,
      labels,
      performance.now(),
      { ...outcome, status: 502 },
      new Problem("TARGET_UNREACHABLE", "gone"),
    );
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
      path: "/a/s/x",
      client: "10.0.0.1",
      ...labels,
      status: 200,
      responseBytes: 7,
    });
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
  return { log: createRequestLog({ debug: to("debug"), warn: to("warn") }, access), access, lines, written };
}
