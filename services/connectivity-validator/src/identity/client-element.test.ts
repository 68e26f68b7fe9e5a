import { describe, expect, test } from "vitest";
import { clientElement, type ProxyChain } from "./client-element.ts";
import { anyHash, element, gatewayHop, gatewayUri, header, hop } from "./fixtures.ts";
import { trustedUris } from "./trusted-uris.ts";

const isTrustedUri = trustedUris(["spiffe://*/ns/istio-system/sa/istio-ingressgateway-service-account"]);
const chain = (min: number, max: number): ProxyChain => ({ elements: { min, max }, isTrustedUri });
const client = element("CN=std");

test("the first element is the client when all others are trusted gateways", () => {
  expect(clientElement(header("CN=std"), chain(1, 2))).toMatchObject({ subject: "CN=std", hash: anyHash });
  expect(clientElement(client, chain(1, 2))).toMatchObject({ subject: "CN=std" });
  expect(clientElement(`${client},${gatewayHop},${gatewayHop}`, chain(3, 3))).toMatchObject({ subject: "CN=std" });
});

describe("the number of elements is part of the trust", () => {
  test.each([
    ["one where two are expected", client, chain(2, 2)],
    ["three where two are allowed", `${client},${gatewayHop},${gatewayHop}`, chain(1, 2)],
    ["two where three are expected", `${client},${gatewayHop}`, chain(3, 3)],
  ])("%s", (_title, text, rules) => {
    expect(clientElement(text, rules)).toMatchObject({ rejected: "element_count" });
  });
});

describe("a further element must be a trusted gateway's", () => {
  test.each([
    ["another workload of the mesh", hop("spiffe://cluster.local/ns/evil/sa/evil")],
    ["somebody's certificate: it has a Subject", hop(gatewayUri, "CN=std")],
    ["no URI at all", `Hash=${anyHash};Subject=""`],
    ["an empty URI", `Hash=${anyHash};Subject="";URI=`],
    ["one trusted URI and one other", `${gatewayHop};URI=spiffe://cluster.local/ns/evil/sa/evil`],
    ["one trusted URI and an empty one", `${gatewayHop};URI=`],
    ["the URI as DNS name", `Hash=${anyHash};Subject="";DNS=${gatewayUri}`],
    [
      "the gateway's name with a path before it",
      hop(`spiffe://evil/x/ns/istio-system/sa/istio-ingressgateway-service-account`),
    ],
  ])("%s", (_title, second) => {
    expect(clientElement(`${client},${second}`, chain(1, 2))).toMatchObject({ rejected: "untrusted_hop" });
  });

  test("each of them: one stranger in a long chain is enough", () => {
    const chained = `${client},${gatewayHop},${hop("spiffe://cluster.local/ns/evil/sa/evil")},${gatewayHop}`;
    expect(clientElement(chained, chain(1, 8))).toMatchObject({ rejected: "untrusted_hop" });
  });

  test("a hop without a Subject key is as good as one with an empty Subject", () => {
    expect(clientElement(`${client},URI=${gatewayUri}`, chain(1, 2))).toMatchObject({ subject: "CN=std" });
  });
});

describe("what Envoy does not write is refused", () => {
  test.each([
    ["Subject twice", `${client};Subject="CN=victim",${gatewayHop}`],
    ["Hash twice", `Hash=${anyHash};${client},${gatewayHop}`],
    ["Subject twice in different case", `${client};SUBJECT="CN=victim"`],
    ["an unknown key", `XSubject="CN=std";${client}`],
    ["an unquoted Subject", "Subject=CN=std"],
    ["an unterminated quote", 'Subject="CN=std'],
    ["a comma at the end", `${client},`],
    ["a semicolon at the end", `${client};`],
    ["an empty element", `${client},,${gatewayHop}`],
    ["text behind a quote", 'Subject="CN=std"x'],
    ["a byte above ASCII", 'Subject="CN=m\xfcller"'],
    ["a control character", 'Subject="CN=a\tb"'],
    ["a quote within a bare value", 'URI=a"b;Subject="CN=std"'],
    ["a space before a key", ` ${client}`],
    ["nine elements", Array(9).fill("URI=a").join(",")],
    ["sixty-five pairs", Array(65).fill("URI=a").join(";")],
  ])("%s", (_title, text) => {
    expect(clientElement(text, chain(1, 8))).toMatchObject({ rejected: "malformed_header" });
  });
});
