import { expect, test } from "vitest";
import { b3Context } from "./remote-context.ts";

const [long, short, span] = ["463ac35c9f6413ad48485a3953bb6124", "48485a3953bb6124", "a2fb4a1d1a96d312"];
const context = (traceId: string, traceFlags: number) => ({ traceId, spanId: span, traceFlags, isRemote: true });
const padded = `0000000000000000${short}`;

test.each([
  ["one header", ["b3", `${long}-${span}-1`], context(long, 1)],
  ["one header, not sampled, with its parent", ["B3", `${long}-${span}-0-05e3ac9a4f6e3b90`], context(long, 0)],
  ["one header that leaves the decision open", ["b3", `${short}-${span}`], context(padded, 1)],
  ["one header, debug", ["b3", `${long}-${span}-d`], context(long, 1)],
  ["many headers", ["X-B3-TraceId", long.toUpperCase(), "X-B3-SpanId", span, "X-B3-Sampled", "1"], context(long, 1)],
  ["many headers, not sampled", ["X-B3-TraceId", long, "X-B3-SpanId", span, "X-B3-Sampled", "0"], context(long, 0)],
  ["many headers, false", ["X-B3-TraceId", long, "X-B3-SpanId", span, "X-B3-Sampled", "false"], context(long, 0)],
  ["many headers, debug", ["X-B3-TraceId", short, "X-B3-SpanId", span, "X-B3-Flags", "1"], context(padded, 1)],
  ["none", [], undefined],
  ["a decision alone", ["b3", "0"], undefined],
  ["no span", ["X-B3-TraceId", long], undefined],
  ["two traces", ["X-B3-TraceId", long, "X-B3-TraceId", long, "X-B3-SpanId", span], undefined],
  ["zeros", ["b3", `${"0".repeat(32)}-${span}-1`], undefined],
  ["no hex", ["X-B3-TraceId", "trace1", "X-B3-SpanId", "span1"], undefined],
])("%s", (_title, headers, expected) => {
  expect(b3Context(headers)).toEqual(expected);
});
