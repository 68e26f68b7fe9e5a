import { expect, test } from "vitest";
import { trustedUris } from "./trusted-uris.ts";

const isTrusted = trustedUris(["spiffe://*/ns/istio-system/sa/istio-ingressgateway", "spiffe://a.b/exact"]);

test.each([
  "spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway",
  "spiffe://x/ns/istio-system/sa/istio-ingressgateway",
  "spiffe://a.b/exact",
])("%s is a trusted gateway's", (uri) => {
  expect(isTrusted(uri)).toBe(true);
});

test.each([
  "",
  "spiffe:///ns/istio-system/sa/istio-ingressgateway",
  "spiffe://evil/x/ns/istio-system/sa/istio-ingressgateway",
  "spiffe://x/ns/istio-system/sa/istio-ingressgateway2",
  "xspiffe://x/ns/istio-system/sa/istio-ingressgateway",
  "spiffe://x/ns/istio-system/sa/istio-ingressgateway\n",
  "SPIFFE://x/ns/istio-system/sa/istio-ingressgateway",
  "spiffe://x/ns/evil/sa/istio-ingressgateway",
  "spiffe://aXb/exact",
])("%j is not", (uri) => {
  expect(isTrusted(uri)).toBe(false);
});

test("without patterns nobody is trusted", () => {
  expect(trustedUris([])("spiffe://a.b/exact")).toBe(false);
});
