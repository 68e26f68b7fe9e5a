import { STATUS_CODES } from "node:http";
import { expect, test } from "vitest";
import { catalogue } from "./catalogue.ts";
import { Problem } from "./problem.ts";
import { problemDetails } from "./problem-details.ts";

test("a problem knows its status, its token, its legacy body and whether a retry can help", () => {
  const cause = new Error("ECONNREFUSED");
  const problem = new Problem("TARGET_UNREACHABLE", "crm.local refused the connection", { cause });
  expect(problem).toMatchObject({ status: 502, retry: true, reason: "target_unreachable", cause });
  expect(problem.toLegacyBody()).toEqual({ code: 502, error: "crm.local refused the connection" });
  expect(new Problem("SUBJECT_MISMATCH", "no valid subject found")).toMatchObject({ status: 403, retry: false });
});

test("a problem has the shape of RFC 9457", () => {
  const problem = new Problem("ENTRY_NOT_FOUND", "service with name x not found");
  expect(problemDetails(problem, "/a/x")).toEqual({
    type: "urn:application-connector:problem:entry_not_found",
    title: "The path matches no API",
    status: 404,
    detail: "service with name x not found",
    instance: "/a/x",
    code: "ENTRY_NOT_FOUND",
    retry: false,
  });
  expect(problemDetails(problem)).not.toHaveProperty("instance");
});

test("every status of the catalogue is an error that HTTP knows", () => {
  for (const [code, { status, title }] of Object.entries(catalogue)) {
    expect(STATUS_CODES[status], code).toBeDefined();
    expect(status, code).toBeGreaterThanOrEqual(400);
    expect(title, code).not.toBe("");
  }
});
