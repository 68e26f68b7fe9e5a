import { describe, expect, test } from "vitest";
import { compileApplication } from "../applications/application.ts";
import { element, gatewayHop, header } from "../identity/fixtures.ts";
import { createIdentify } from "../identity/identify.ts";
import { trustedUris } from "../identity/trusted-uris.ts";
import { unrestricted } from "../policy/settings.ts";
import { decide, type World } from "./decide.ts";
import { refusals } from "./refusal.ts";

const rules = {
  prefixes: { v1: "/%%APP_NAME%%/v1/events", v2: "/%%APP_NAME%%/v2/events", events: "/%%APP_NAME%%/events" },
  placeholder: "%%APP_NAME%%",
  emptyClientIds: "name",
  tenantGroup: "ignore",
  annotationPrefix: "inbound",
  settings: { ...unrestricted, maxBodyBytes: 1000 },
} as const;
const applications = new Map(
  ["std", "v1", "constructor"].map((name) => [name, compileApplication({ metadata: { name } }, rules)]),
);
const annotated = (name: string, annotations: Record<string, string>) =>
  applications.set(name, compileApplication({ metadata: { name, annotations } }, rules));
annotated("paused", { "inbound/paused": "true" });
annotated("large", { "inbound/max-body-bytes": "2000" });
annotated("endless", { "inbound/max-body-bytes": "0" });
const world: World = {
  applications: { get: (name) => applications.get(name), hasSynced: true },
  identify: createIdentify({
    elements: { min: 1, max: 2 },
    certificate: "verify",
    isTrustedUri: trustedUris(["spiffe://*/ns/istio-system/sa/istio-ingressgateway-service-account"]),
  }),
  certHeaderMissing: refusals.certHeaderMissing,
  eventingPath: "/publish",
  methods: "any",
  webhookOrigins: [],
  hideUnknown: false,
};

interface Given {
  httpVersion?: string;
  url?: string;
  xfcc?: string | string[];
  contentLength?: number;
  method?: string;
}
function decided(
  { httpVersion = "1.1", url = "/std/events", xfcc = header("CN=std"), contentLength, method = "POST" }: Given,
  in_ = world,
) {
  const headers = [xfcc].flat().flatMap((value) => ["X-Forwarded-Client-Cert", value]);
  const decision = decide({ method, httpVersion, url, headers, contentLength, certificate: "header" }, in_, Date.now());
  if ("answer" in decision) return { answer: decision.answer };
  return "refusal" in decision
    ? { reason: decision.refusal.reason, rejected: decision.rejection?.rejected }
    : { route: decision.route, path: decision.path };
}

describe("accepted requests go", () => {
  test.each([
    ["/std/v1/events?x=%41&y", { route: "v1", path: "/std/v1/events?x=%41&y" }],
    ["/std/v1/events/subscribed", { route: "v1", path: "/std/v1/events/subscribed" }],
    ["/s%74d/v1/events/%C3%BC", { route: "v1", path: "/s%74d/v1/events/%C3%BC" }],
    ["/std/v2/events?a=1&b=%20", { route: "v2", path: "/publish?a=1&b=%20" }],
    ["/std/v2/events/rest/of/it", { route: "v2", path: "/publish" }],
    ["/std/events", { route: "events", path: "/publish" }],
    ["http://x/std/events?q=1", { route: "events", path: "/publish?q=1" }],
  ])("%s", (url, expected) => {
    expect(decided({ url })).toEqual(expected);
  });
});

describe("the order of the checks", () => {
  const nobody = { xfcc: [] };
  const wrong = { xfcc: header("CN=other") };
  test.each([
    ["no HTTP path before everything", { url: "/std/%zz", ...nobody }, "bad_request"],
    ["a path that is not canonical before the missing page", { url: "//", ...nobody }, "path_not_canonical"],
    ["the missing page before the header", { url: "/std", ...nobody }, "not_found"],
    ["the header before the Application", { url: "/nope/events", ...nobody }, "cert_header_missing"],
    ["the Application before the subject", { url: "/nope/events", ...wrong }, "application_unknown"],
    ["the subject before the route", { url: "/std/v3/events", ...wrong }, "subject_mismatch"],
    ["the subject before the size", { contentLength: 1001, ...wrong }, "subject_mismatch"],
    ["the route before the size", { url: "/std/v3/events", contentLength: 1001 }, "no_route"],
    ["the size at last", { contentLength: 1001 }, "payload_too_large"],
    ["the subject before the pause", { url: "/paused/events", ...wrong }, "subject_mismatch"],
    ["the route before the pause", { url: "/paused/v3/events", xfcc: header("CN=paused") }, "no_route"],
    [
      "the pause before the size",
      { url: "/paused/events", xfcc: header("CN=paused"), contentLength: 1001 },
      "application_paused",
    ],
  ])("%s", (_title, given, reason) => {
    expect(decided(given)).toMatchObject({ reason });
  });
});

test.each([
  ["1.0", { route: "events" }],
  ["0.9", { reason: "bad_request" }],
  ["2.0", { route: "events" }],
  ["3.0", { reason: "bad_request" }],
])("HTTP/%s", (httpVersion, expected) => {
  expect(decided({ httpVersion })).toMatchObject(expected);
});

test("before the Applications were read, an unknown one may still turn out to exist", () => {
  const unsynced = { ...world, applications: { get: () => undefined, hasSynced: false } };
  expect(decided({}, unsynced)).toMatchObject({ reason: "not_synced" });
  expect(decided({ xfcc: [] }, unsynced)).toMatchObject({ reason: "cert_header_missing" });
});

describe("X-Forwarded-Client-Cert", () => {
  test.each([
    ["absent", [], "cert_header_missing", undefined],
    ["empty", "", "cert_header_missing", undefined],
    ["empty twice", ["", ""], "cert_header_missing", undefined],
    [
      "D-14: two lines, the first one right",
      [header("CN=std"), header("CN=other")],
      "subject_mismatch",
      "several_headers",
    ],
    ["D-14: two lines, both right", [element("CN=std"), gatewayHop], "subject_mismatch", "several_headers"],
    ["D-14: an empty line and one that is right", ["", header("CN=std")], "subject_mismatch", "several_headers"],
  ])("%s", (_title, xfcc, reason, rejected) => {
    expect(decided({ xfcc })).toEqual({ reason, rejected });
  });
});

describe("names", () => {
  test.each(["/STD/events", "/constructo%72/events/../", "/__proto__/events", "/std%20/events", "/toString/events"])(
    "%s is not std",
    (url) => {
      expect(decided({ url })).toHaveProperty("reason");
    },
  );
  test("an Application may be called like a property of every object", () => {
    expect(decided({ url: "/constructor/events", xfcc: header("CN=constructor") })).toMatchObject({ route: "events" });
  });
});

test("a body of exactly the limit passes, and 0 is no limit", () => {
  expect(decided({ contentLength: 1000 })).toHaveProperty("route");
  const of = (name: string, contentLength: number) =>
    decided({ url: `/${name}/events`, xfcc: header(`CN=${name}`), contentLength });
  expect(of("endless", 1e12)).toHaveProperty("route");
  expect([of("large", 2000), of("large", 2001)]).toMatchObject([{ route: "events" }, { reason: "payload_too_large" }]);
});

test("on a connection that should have proved who it is, the header counts for nothing", () => {
  const headers = ["X-Forwarded-Client-Cert", header("CN=std")];
  const request = {
    method: "POST",
    httpVersion: "1.1",
    url: "/std/events",
    headers,
    contentLength: 0,
    certificate: undefined,
  };
  expect(decide(request, world, Date.now())).toMatchObject({ refusal: { reason: "cert_header_missing" } });
});

describe("methods", () => {
  const only: World = { ...world, methods: "events" };
  const open: World = { ...only, webhookOrigins: ["eventgrid.example.com"] };
  test.each([
    ["/std/events", "POST", { route: "events" }],
    ["/std/v2/events/x", "POST", { route: "v2" }],
    ["/std/v1/events", "POST", { route: "v1" }],
    ["/std/v1/events/subscribed", "GET", { route: "v1" }],
    ["/std/events", "GET", { reason: "method_not_allowed" }],
    ["/std/events", "PUT", { reason: "method_not_allowed" }],
    ["/std/events", "OPTIONS", { reason: "method_not_allowed" }],
    ["/std/events", "post", { reason: "method_not_allowed" }],
    ["/std/v1/events", "GET", { reason: "method_not_allowed" }],
    ["/std/v1/events/subscribed", "POST", { reason: "method_not_allowed" }],
    ["/std/v1/events/subscribed/", "GET", { reason: "method_not_allowed" }],
  ])("of %s, %s", (url, method, expected) => {
    expect(decided({ url, method }, only)).toMatchObject(expected);
    expect(decided({ url, method })).toHaveProperty("route");
  });

  test("a refusal names what is known", () => {
    const refusal = (url: string, in_: World) => {
      const headers = ["X-Forwarded-Client-Cert", header("CN=std")];
      const request = {
        method: "PATCH",
        httpVersion: "1.1",
        url,
        headers,
        contentLength: 0,
        certificate: "header",
      } as const;
      const decision = decide(request, in_, Date.now());
      return "refusal" in decision ? decision.refusal.headers : undefined;
    };
    expect(refusal("/std/events", only)).toEqual(["Allow", "POST"]);
    expect(refusal("/std/v1/events/subscribed", only)).toEqual(["Allow", "GET"]);
    expect(refusal("/std/events", open)).toEqual(["Allow", "POST, OPTIONS"]);
  });

  test("a handshake is answered here, for whoever may call", () => {
    expect(decided({ method: "OPTIONS" }, open)).toMatchObject({ answer: { status: 200 } });
    expect(decided({ method: "OPTIONS", xfcc: header("CN=other") }, open)).toMatchObject({
      reason: "subject_mismatch",
    });
    expect(decided({ method: "OPTIONS", url: "/std/v1/events/subscribed" }, open)).toMatchObject({
      reason: "method_not_allowed",
    });
  });
});

test("an Application that there is not can look like one with another certificate", () => {
  const hidden = { ...world, hideUnknown: true };
  expect(decided({ url: "/nope/events" }, hidden)).toEqual({ reason: "subject_mismatch", rejected: undefined });
  const unsynced = { ...hidden, applications: { get: () => undefined, hasSynced: false } };
  expect(decided({ url: "/nope/events" }, unsynced)).toMatchObject({ reason: "not_synced" });
});
