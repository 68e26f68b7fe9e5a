import { expect, test } from "vitest";
import { traceFields } from "./trace.ts";

const id = "0af7651916cd43dd8448eb211c80319c";

test.each([
  ["none", [], { traceid: "unknown", spanid: "unknown" }],
  ["B3", ["X-B3-TraceId", "t", "x-b3-spanid", "s"], { traceid: "t", spanid: "s" }],
  ["several values", ["X-B3-Traceid", "a", "X-B3-Traceid", "b"], { traceid: "a;b", spanid: "unknown" }],
  ["W3C", ["traceparent", `00-${id}-b7ad6b7169203331-01`], { traceid: "unknown", spanid: "unknown", trace_id: id }],
  [
    "W3C of a later version",
    ["traceparent", `01-${id}-b7ad6b7169203331-01-more`],
    { traceid: "unknown", spanid: "unknown", trace_id: id },
  ],
  [
    "W3C with zeros",
    ["traceparent", `00-${"0".repeat(32)}-b7ad6b7169203331-01`],
    { traceid: "unknown", spanid: "unknown" },
  ],
  ["W3C, broken", ["traceparent", `00-${id}-b7ad-01`], { traceid: "unknown", spanid: "unknown" }],
])("%s", (_title, headers, fields) => {
  expect(traceFields(headers)).toEqual(fields);
});
