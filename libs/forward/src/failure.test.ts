import { expect, test } from "vitest";
import { type BrokenCall, failureKind, isStale } from "./failure.ts";

const coded = (code: string) => Object.assign(new Error(code), { code });

test.each([
  ["ENOTFOUND", "dns"],
  ["EAI_AGAIN", "dns"],
  ["ECONNREFUSED", "unreachable"],
  ["EHOSTUNREACH", "unreachable"],
  ["CONNECT_TIMEOUT", "timeout"],
  ["ECONNRESET", "reset"],
  ["UND_ERR_SOCKET", "reset"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "tls"],
  ["CERT_HAS_EXPIRED", "tls"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls"],
  ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "tls"],
  ["HPE_INVALID_CONSTANT", "protocol"],
  ["UND_ERR_HEADERS_OVERFLOW", "protocol"],
  ["UND_ERR_INVALID_ARG", "protocol"],
])("%s means %s", (code, kind) => {
  expect(failureKind(coded(code))).toBe(kind);
});

const stale: BrokenCall = {
  method: "GET",
  reused: true,
  answered: false,
  replayable: true,
  unsent: false,
  retried: false,
};

test.each<{ title: string; call?: Partial<BrokenCall>; code?: string; again: boolean }>([
  { title: "a reused connection without an answer", again: true },
  { title: "PUT with its body at hand", call: { method: "PUT" }, again: true },
  { title: "POST", call: { method: "POST" }, again: false },
  { title: "POST of which nothing was written", call: { method: "POST", unsent: true }, again: true },
  { title: "PATCH", call: { method: "PATCH" }, again: false },
  { title: "a fresh connection", call: { reused: false }, again: false },
  { title: "a byte of an answer", call: { answered: true }, again: false },
  { title: "a body that is gone", call: { replayable: false }, again: false },
  { title: "a second time", call: { retried: true }, again: false },
  { title: "a target that speaks no HTTP", code: "HPE_INVALID_CONSTANT", again: false },
  { title: "a pool that was destroyed", code: "UND_ERR_DESTROYED", again: false },
])("tries again: $title: $again", ({ call, code, again }) => {
  expect(isStale({ ...stale, ...call }, coded(code ?? "UND_ERR_SOCKET"))).toBe(again);
});
