import { describe, expect, test } from "vitest";
import { refusalFor, rewriteResponse } from "./response.ts";

const none: ReadonlySet<number> = new Set();

describe("Eventing's answer", () => {
  test.each([100, 200, 204, 301, 400, 404, 413, 499, 600])("%d passes unchanged", (status) => {
    expect(rewriteResponse(status, ["a", "b"], none)).toEqual({ status, headers: ["a", "b"], reason: undefined });
  });
  test.each([500, 503, 507, 599])("%d becomes 502 and is named", (status) => {
    const headers = ["a", "b", "Target-System-Status", String(status), "Error-Reason", "eventing_error"];
    expect(rewriteResponse(status, ["a", "b"], none)).toEqual({ status: 502, headers, reason: "eventing_error" });
    expect(rewriteResponse(status, ["a", "b"], new Set([status]))).toEqual({
      status,
      headers,
      reason: "eventing_error",
    });
  });
});

test.each([
  ["unreachable", 502],
  ["dns", 502],
  ["reset", 502],
  ["protocol", 502],
  ["tls", 502],
  ["timeout", 504],
  ["request_body_timeout", 408],
  ["request_body_too_large", 413],
  ["queue_full", 429],
  ["circuit_open", 429],
] as const)("no answer because of %s is %d", (kind, status) => {
  expect(refusalFor({ kind }, 10).status).toBe(status);
});
