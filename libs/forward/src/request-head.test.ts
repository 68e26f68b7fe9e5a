import { expect, test } from "vitest";
import { readRequestHead } from "./request-head.ts";

const none = { hasBody: false, contentLength: undefined, expectsContinue: false };

test.each([
  { title: "no body", headers: ["Host", "h"], head: none },
  { title: "no Host in HTTP/1.0", version: "1.0", headers: [], head: none },
  { title: "no Host", headers: [], head: "bad_request" },
  { title: "two Hosts", headers: ["Host", "h", "HOST", "h"], head: "bad_request" },
  {
    title: "a length",
    headers: ["Host", "h", "content-Length", "5"],
    head: { ...none, hasBody: true, contentLength: 5 },
  },
  { title: "the length 0", headers: ["Host", "h", "Content-Length", "0"], head: { ...none, contentLength: 0 } },
  {
    title: "a length beyond all numbers",
    headers: ["Host", "h", "Content-Length", "9".repeat(20)],
    head: "bad_request",
  },
  {
    title: "two lengths",
    headers: ["Host", "h", "Content-Length", "5", "Content-Length", "5"],
    head: "ambiguous_framing",
  },
  { title: "chunks", headers: ["Host", "h", "Transfer-Encoding", "Chunked"], head: { ...none, hasBody: true } },
  {
    title: "chunks and a length",
    headers: ["Host", "h", "Transfer-Encoding", "chunked", "Content-Length", "5"],
    head: "ambiguous_framing",
  },
  { title: "chunks in HTTP/1.0", version: "1.0", headers: ["Transfer-Encoding", "chunked"], head: "ambiguous_framing" },
  {
    title: "another coding",
    headers: ["Host", "h", "Transfer-Encoding", "gzip, chunked"],
    head: "unknown_transfer_encoding",
  },
  {
    title: "an expectation",
    headers: ["Host", "h", "Expect", "100-Continue", "Content-Length", "5"],
    head: { hasBody: true, contentLength: 5, expectsContinue: true },
  },
  { title: "an expectation without a body", headers: ["Host", "h", "Expect", "100-continue"], head: none },
])("reads $title", ({ headers, head, version }) => {
  expect(readRequestHead(headers, version ?? "1.1")).toEqual(head);
});
