import { describe, expect, test } from "vitest";
import { requestHeaders } from "./request-headers.ts";

const sent = (headers: string[], strict = false) =>
  requestHeaders(headers, "10.0.0.1", "std", { host: "eventing:80", strict });
const ours = ["X-Forwarded-For", "10.0.0.1", "Host", "eventing:80"];

test("the header that names the client never leaves, however it is written", () => {
  const names = ["X-Forwarded-Client-Cert", "x-forwarded-client-cert", "X-FORWARDED-CLIENT-CERT"];
  expect(sent(names.flatMap((name) => [name, "By=x"]))).toEqual(ours);
});

test("Host is Eventing's", () => {
  expect(sent(["Host", "gateway.example.com"])).toEqual(ours);
});

test("the client's address is appended to the proxies'", () => {
  expect(sent(["X-Forwarded-For", "1.2.3.4"])).toEqual(["X-Forwarded-For", "1.2.3.4, 10.0.0.1", "Host", "eventing:80"]);
});

test("what belongs to the event passes as it came: case, order, duplicates, bytes", () => {
  const headers = [
    "ce-id",
    "1",
    "CE-Source",
    "m\xfcller",
    "Content-Type",
    "a/b",
    "traceparent",
    "x",
    "X-B3-TraceId",
    "y",
    "b3",
    "z",
  ];
  const more = [
    "Authorization",
    "Bearer x",
    "X-Request-Id",
    "1",
    "X-Custom",
    "a",
    "X-Custom",
    "b",
    "Accept-Encoding",
    "br",
  ];
  expect(sent([...headers, ...more])).toEqual([...headers, ...more, ...ours]);
  expect(sent(["X-Forwarded-Proto", "https", "Content-Encoding", "gzip"])).toEqual([
    "X-Forwarded-Proto",
    "https",
    "Content-Encoding",
    "gzip",
    ...ours,
  ]);
});

test("what belongs to the connection does not pass", () => {
  const hop = [
    "Connection",
    "X-Foo, close",
    "X-Foo",
    "1",
    "Keep-Alive",
    "5",
    "Proxy-Connection",
    "x",
    "Proxy-Authorization",
    "x",
  ];
  const more = [
    "Proxy-Authenticate",
    "x",
    "Trailer",
    "x",
    "Transfer-Encoding",
    "chunked",
    "Upgrade",
    "x",
    "TE",
    "gzip, trailers",
  ];
  expect(sent([...hop, ...more])).toEqual(["TE", "trailers", ...ours]);
});

describe("D-10: Connection cannot strip an event", () => {
  test.each(["ce-id", "Content-Type", "content-encoding", "traceparent", "X-Forwarded-Proto"])("%s", (name) => {
    expect(sent(["Connection", name, name, "kept"])).toEqual([name, "kept", ...ours]);
  });
  test("nor our own headers, nor may it keep the one we remove", () => {
    expect(sent(["Connection", "host, x-forwarded-client-cert", "X-Forwarded-Client-Cert", "x"])).toEqual(ours);
  });
});

test("strict removes credentials and what only Envoy may say, and names the Application itself", () => {
  const headers = [
    "authorization",
    "x",
    "Cookie",
    "x",
    "X-Envoy-Retry-On",
    "x",
    "x-envoy-a",
    "x",
    "X-Forwarded-Application",
    "other",
  ];
  expect(sent([...headers, "ce-id", "1"], true)).toEqual(["ce-id", "1", "X-Forwarded-Application", "std", ...ours]);
  expect(sent(["Connection", "x-forwarded-application"], true)).toEqual(["X-Forwarded-Application", "std", ...ours]);
});
