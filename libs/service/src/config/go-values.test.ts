import { describe, expect, test } from "vitest";
import { environmentName } from "./environment-name.ts";
import { formatGoDuration, parseGoBoolean, parseGoDecimal, parseGoDuration, parseGoInteger } from "./go-values.ts";

describe("a Go duration", () => {
  test.each([
    ["45s", 45_000],
    ["1m30s", 90_000],
    ["1h2m3s4ms", 3_723_004],
    ["1.5h", 5_400_000],
    [".5s", 500],
    ["5.s", 5000],
    ["1500us", 1.5],
    ["2µs", 0.002],
    ["2μs", 0.002],
    ["100ns", 0.0001],
    ["-1m", -60_000],
    ["+1m", 60_000],
    ["0", 0],
    ["24h", 86_400_000],
  ])("%s is %d ms", (text, ms) => expect(parseGoDuration(text)).toBeCloseTo(ms, 9));

  test.each(["", "5", "s", "1d", "1 s", "1s ", "1m-3s", "abc", "1..5s", ".s", "1e3s", "٣s"])("%j is none", (text) =>
    expect(parseGoDuration(text)).toBeUndefined(),
  );

  test.each([
    [0, "0s"],
    [250, "250ms"],
    [1500, "1.5s"],
    [90_000, "1m30s"],
    [5_400_000, "1h30m"],
    [86_400_000, "24h"],
    [-45_000, "-45s"],
  ])("%d ms is written %s, and reads back", (ms, text) => {
    expect(formatGoDuration(ms)).toBe(text);
    expect(parseGoDuration(text)).toBe(ms);
  });
});

describe("a Go integer", () => {
  test.each([
    ["8080", 8080],
    ["-3", -3],
    ["+3", 3],
    ["0", 0],
    ["-0", 0],
    ["0x1F", 31],
    ["0o17", 15],
    ["017", 15],
    ["0b101", 5],
    ["1_000", 1000],
  ])("%s is %d", (text, value) => expect(parseGoInteger(text)).toBe(value));

  test.each(["", " 1", "1.0", "1e3", "0x", "08", "1__0", "_1", "abc", "--1", "9007199254740993"])(
    "%j is none",
    (text) => expect(parseGoInteger(text)).toBeUndefined(),
  );
});

test("a Go truth value has six spellings on either side", () => {
  for (const text of ["1", "t", "T", "true", "TRUE", "True"]) expect(parseGoBoolean(text)).toBe(true);
  for (const text of ["0", "f", "F", "false", "FALSE", "False"]) expect(parseGoBoolean(text)).toBe(false);
  for (const text of ["", "yes", "no", "on", "tRUE", "2"]) expect(parseGoBoolean(text)).toBeUndefined();
});

test.each([
  ["externalAPIPort", "APP_EXTERNAL_API_PORT"],
  ["apiServerURL", "APP_API_SERVER_URL"],
  ["proxyCacheTTL", "APP_PROXY_CACHE_TTL"],
  ["kubeConfig", "APP_KUBE_CONFIG"],
  ["kubeconfig", "APP_KUBECONFIG"],
  ["eventingPathPrefixV1", "APP_EVENTING_PATH_PREFIX_V1"],
  ["trustedGatewayURIs", "APP_TRUSTED_GATEWAY_URIS"],
  ["emptyClientIdsPolicy", "APP_EMPTY_CLIENT_IDS_POLICY"],
  ["mtlsClientCAFile", "APP_MTLS_CLIENT_CA_FILE"],
  ["mtlsCRLFile", "APP_MTLS_CRL_FILE"],
  ["maxInFlight", "APP_MAX_IN_FLIGHT"],
  ["x509Names", "APP_X509_NAMES"],
  ["log-level", "APP_LOG_LEVEL"],
])("the variable of --%s is %s", (flag, variable) => expect(environmentName(flag)).toBe(variable));

describe("a decimal number", () => {
  test.each([
    ["0.3", 0.3],
    [".5", 0.5],
    ["1", 1],
    ["-2.5e1", -25],
  ])("%s is %d", (text, value) => expect(parseGoDecimal(text)).toBe(value));

  test.each(["", "a", "0,3", "1e999", "NaN", "Inf", "1.2.3", " 1"])("%j is none", (text) =>
    expect(parseGoDecimal(text)).toBeUndefined(),
  );
});
