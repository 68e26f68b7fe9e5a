import { describe, expect, test } from "vitest";
import { answerOf, applicationUnknown, payloadTooLarge, type Refusal, refusals } from "./refusal.ts";

function seen(refusal: Refusal) {
  const { status, headers, body } = answerOf(refusal);
  const value = (name: string) => headers[headers.findIndex((each) => each.toLowerCase() === name) + 1];
  const has = (name: string) => headers.some((each) => each.toLowerCase() === name);
  return {
    status,
    body,
    type: has("content-type") ? value("content-type") : undefined,
    reason: value("error-reason"),
    retryAfter: has("retry-after") ? value("retry-after") : undefined,
  };
}

describe("upstream's bodies, byte for byte", () => {
  test.each([
    [refusals.certHeaderMissing, 500, "X-Forwarded-Client-Cert header not found", "cert_header_missing"],
    [
      applicationUnknown("nope"),
      404,
      "while getting application ClientIds: application data for name nope is not found in the cache. Please retry",
      "application_unknown",
    ],
    [refusals.subjectMismatch, 403, "no valid subject found", "subject_mismatch"],
    [refusals.noRoute, 404, "could not determine destination host, requested resource not found", "no_route"],
  ])("$1 $3", (refusal, status, text, reason) => {
    expect(seen(refusal)).toEqual({
      status,
      body: `{"code":${status},"error":"${text}"}\n`,
      type: "application/json;charset=UTF-8",
      reason,
      retryAfter: undefined,
    });
  });

  test("the page that is not there is plain text that nobody may sniff", () => {
    expect(answerOf(refusals.notFound)).toMatchObject({ status: 404, body: "404 page not found\n" });
    expect(answerOf(refusals.notFound).headers.slice(0, 4)).toEqual([
      "Content-Type",
      "text/plain; charset=utf-8",
      "X-Content-Type-Options",
      "nosniff",
    ]);
  });

  test("eventing out of reach is an empty 502", () => {
    expect(seen(refusals.eventingUnreachable)).toMatchObject({
      status: 502,
      body: undefined,
      type: undefined,
      reason: "eventing_unreachable",
    });
  });
});

test.each([
  ["<b>&", "name \\u003cb\\u003e\\u0026 is"],
  ['a"\\', 'name a\\"\\\\ is'],
  ["m\xc3\xbcller", "name müller is"],
  ["m\xfcller", "name m\ufffdller is"],
  ["a\nb", "name a\\nb is"],
])("the name %j is written as Go would", (name, expected) => {
  expect(answerOf(applicationUnknown(name)).body).toContain(expected);
});

test.each([
  [refusals.notSynced, 503, "not_synced", "1"],
  [refusals.overloaded, 429, "overloaded", "1"],
  [refusals.notCanonical, 400, "path_not_canonical", undefined],
  [refusals.bodyTimeout, 408, "body_timeout", undefined],
  [refusals.headersTooLarge, 431, "headers_too_large", undefined],
  [refusals.eventingTimeout, 504, "eventing_timeout", undefined],
  [payloadTooLarge(10), 413, "payload_too_large", undefined],
])("ours: $1 $2", (refusal, status, reason, retryAfter) => {
  expect(seen(refusal)).toMatchObject({ status, reason, retryAfter, type: "application/json;charset=UTF-8" });
});

test("the request id of the caller comes back", () => {
  expect(answerOf(refusals.noRoute, ["X-Request-Id", "r-1"]).headers).toContain("r-1");
});
