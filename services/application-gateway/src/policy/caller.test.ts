import { describe, expect, test } from "vitest";
import { accessOf } from "./access.ts";
import { type Caller, callerOfSpiffeId, callerOfUser } from "./caller.ts";
import { meshCaller } from "./mesh-caller.ts";
import { parsePrincipal } from "./principal.ts";

const shop = { id: "spiffe://cluster.local/ns/shop/sa/web", namespace: "shop", workload: "shop/web" };

describe("a caller", () => {
  test.each([
    ["spiffe://cluster.local/ns/shop/sa/web", shop],
    ["spiffe://other.domain/ns/shop/sa/web", { id: "spiffe://other.domain/ns/shop/sa/web" }],
    ["spiffe://cluster.local.evil/ns/shop/sa/web", { id: "spiffe://cluster.local.evil/ns/shop/sa/web" }],
    ["spiffe://cluster.local/ns/shop/sa/web/more", { id: "spiffe://cluster.local/ns/shop/sa/web/more" }],
    ["spiffe://cluster.local/vm/7", { id: "spiffe://cluster.local/vm/7" }],
    ["spiffe://cluster.local", undefined],
    ["https://cluster.local/ns/shop/sa/web", undefined],
    ["spiffe://cluster.local/ns/shop/sa/we%62", undefined],
    ["shop/web", undefined],
    ["", undefined],
  ])("has the SPIFFE id %s", (id, caller) => {
    expect(callerOfSpiffeId(id, "cluster.local")).toEqual(caller);
  });

  test.each([
    ["system:serviceaccount:shop:web", shop],
    ["system:serviceaccount:shop", undefined],
    ["system:serviceaccount:shop:web:x", undefined],
    ["system:node:n", undefined],
    ["admin", undefined],
  ])("has the user name %s", (name, caller) => {
    expect(callerOfUser(name, "cluster.local")).toEqual(caller);
  });
});

describe("the mesh names", () => {
  const by = "By=spiffe://cluster.local/ns/kyma-system/sa/gw;Hash=00";
  test.each([
    [`${by};Subject="";URI=spiffe://cluster.local/ns/shop/sa/web`],
    [`${by};URI=spiffe://cluster.local/ns/admin/sa/root,${by};Subject="";URI=spiffe://cluster.local/ns/shop/sa/web`],
  ])("who stands last: %s", (value) => {
    expect(meshCaller(["X-Forwarded-Client-Cert", value], "cluster.local")).toEqual(shop);
  });

  test.each([
    ["no header", []],
    ["an empty header", ["X-Forwarded-Client-Cert", ""]],
    ["no URI", ["X-Forwarded-Client-Cert", `${by};Subject="CN=x"`]],
    ["no URI in the last element", ["X-Forwarded-Client-Cert", `URI=spiffe://cluster.local/ns/shop/sa/web,${by}`]],
    [
      "two URIs, one of which a certificate may have made up",
      [
        "X-Forwarded-Client-Cert",
        `${by};URI=spiffe://cluster.local/ns/shop/sa/web;URI=spiffe://cluster.local/ns/shop/sa/web`,
      ],
    ],
    [
      "a quote that swallows what the sidecar has written",
      ["X-Forwarded-Client-Cert", `Subject=",${by};Subject="";URI=spiffe://cluster.local/ns/shop/sa/web`],
    ],
  ])("nobody: %s", (_, headers) => {
    expect(meshCaller(headers, "cluster.local")).toBeUndefined();
  });

  test("who stands in the last of several header lines", () => {
    const line = (account: string) => ["x-forwarded-client-cert", `URI=spiffe://cluster.local/ns/shop/sa/${account}`];
    expect(meshCaller([...line("forged"), ...line("web")], "cluster.local")).toEqual(shop);
  });
});

describe("access", () => {
  const foreign: Caller = { id: "spiffe://other/ns/shop/sa/web" };
  test.each<[string[] | undefined, string[] | undefined, Caller, boolean]>([
    [["shop"], undefined, shop, true],
    [["shops", "sho"], undefined, shop, false],
    [["shop"], undefined, foreign, false],
    [["*"], undefined, foreign, true],
    [[], undefined, shop, false],
    [undefined, ["shop/web"], shop, true],
    [undefined, ["shop/we"], shop, false],
    [undefined, ["shop/web"], foreign, false],
    [undefined, [foreign.id], foreign, true],
    [undefined, [shop.id], shop, true],
    [["billing"], ["shop/web"], shop, true],
    [[], [], shop, false],
  ])("namespaces %j, principals %j: %o may call: %s", (namespaces, principals, caller, allowed) => {
    expect(accessOf(namespaces, principals)?.allows(caller)).toBe(allowed);
  });

  test("is everybody's without lists", () => {
    expect(accessOf(undefined, undefined)).toBeUndefined();
  });
});

test.each([
  ["shop/web", true],
  ["spiffe://cluster.local/ns/shop/sa/web", true],
  ["shop", false],
  ["shop/", false],
  ["Shop/web", false],
  ["shop/web/x", false],
  ["spiffe://", false],
  ["spiffe://td", false],
  ["spiffe://td/a b", false],
  ["", false],
])("%j is a principal: %s", (text, is) => {
  expect(parsePrincipal(text) !== undefined).toBe(is);
});
