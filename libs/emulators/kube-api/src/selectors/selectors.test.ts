import { describe, expect, test } from "vitest";
import { builtInKinds } from "../kinds/built-in.ts";
import type { Kind } from "../kinds/kind.ts";
import type { KubeObject } from "../objects.ts";
import { fieldSelector } from "./fields.ts";
import { labelSelector } from "./labels.ts";

describe("a label selector", () => {
  const labels = { app: "crm", tier: "web", n: "5", empty: "" };
  test.each([
    ["app=crm", true],
    ["app==crm,tier=web", true],
    ["app!=crm", false],
    ["other!=crm", true],
    ["app in (crm, shop)", true],
    ["app notin (crm, shop)", false],
    ["other notin (crm)", true],
    ["app", true],
    ["!app", false],
    ["!other", true],
    ["n>4,n<6", true],
    ["n>5", false],
    ["empty=", true],
    ["app in (shop),tier=web", false],
    ["example.com/x", false],
  ])("%s is %s", (text, matches) => {
    expect(labelSelector(text)?.(labels)).toBe(matches);
  });

  test("chooses everything when it is empty", () => {
    expect(labelSelector("")).toBeUndefined();
    expect(labelSelector(null)).toBeUndefined();
  });

  test("that cannot be read is a bad request", () => {
    expect(() => labelSelector("a b c")).toThrow("unable to parse requirement");
  });
});

test("a field selector chooses by name and by what the kind allows", () => {
  const secrets = builtInKinds().find(({ resource }) => resource === "secrets") as Kind;
  const object = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "a", namespace: "b" },
    type: "Opaque",
  } as KubeObject;
  expect(fieldSelector("metadata.name=a,type=Opaque", secrets)?.(object)).toBe(true);
  expect(fieldSelector("metadata.namespace!=b", secrets)?.(object)).toBe(false);
  expect(() => fieldSelector("data.x=1", secrets)).toThrow("field label not supported: data.x");
});
