import { describe, expect, test } from "vitest";
import { builtInKinds } from "../kinds/built-in.ts";
import { applyDefaults } from "./defaults.ts";
import { prune } from "./prune.ts";
import type { Schema } from "./schema.ts";
import { typeMismatch } from "./types.ts";
import { validate } from "./validate.ts";

const spec: Schema = {
  type: "object",
  required: ["size"],
  properties: {
    size: { type: "integer", minimum: 1, maximum: 9 },
    name: { type: "string", pattern: "^[a-z]+$", minLength: 2, maxLength: 4 },
    port: { "x-kubernetes-int-or-string": true },
    colour: { type: "string", enum: ["red", "blue"], default: "blue" },
    when: { type: "string", format: "date-time" },
    maybe: { type: "string", nullable: true },
    tags: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set", maxItems: 2 },
    map: { type: "object", additionalProperties: { type: "integer" } },
    free: { type: "object", "x-kubernetes-preserve-unknown-fields": true, properties: { known: { type: "object" } } },
  },
};
const schema: Schema = { type: "object", properties: { spec } };

describe("a custom schema", () => {
  test.each([
    { value: { size: 1, port: "http", maybe: null, map: { a: 1 } }, mistakes: [] },
    { value: {}, mistakes: ["spec.size: Required value"] },
    {
      value: { size: 0 },
      mistakes: ["spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1"],
    },
    {
      value: { size: "1" },
      mistakes: ['spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"'],
    },
    {
      value: { size: 1.5 },
      mistakes: ['spec.size: Invalid value: "number": spec.size in body must be of type integer: "number"'],
    },
    {
      value: { size: 1, name: "x" },
      mistakes: ['spec.name: Invalid value: "x": spec.name in body should be at least 2 chars long'],
    },
    {
      value: { size: 1, name: "A1" },
      mistakes: ["spec.name: Invalid value: \"A1\": spec.name in body should match '^[a-z]+$'"],
    },
    {
      value: { size: 1, colour: "pink" },
      mistakes: ['spec.colour: Unsupported value: "pink": supported values: "red", "blue"'],
    },
    { value: { size: 1, tags: ["a", "a"] }, mistakes: ['spec.tags[1]: Duplicate value: "a"'] },
    { value: { size: 1, tags: ["a", "b", "c"] }, mistakes: ["spec.tags: Too many: 3: must have at most 2 items"] },
    {
      value: { size: 1, when: "noon" },
      mistakes: ['spec.when: Invalid value: "noon": spec.when in body must be of type date-time: "noon"'],
    },
    {
      value: { size: 1, map: { a: "x" } },
      mistakes: ['spec.map.a: Invalid value: "string": spec.map.a in body must be of type integer: "string"'],
    },
  ])("finds $mistakes in $value", ({ value, mistakes }) => {
    expect(validate({ spec: value }, schema).map(({ field, message }) => `${field}: ${message}`)).toEqual(mistakes);
  });

  test("drops unknown fields and names them, but keeps what is free", () => {
    const object = {
      apiVersion: "v1",
      spec: { size: 1, extra: 1, free: { any: { thing: 1 }, known: { lost: 1 } }, map: { a: 1 } },
    };
    expect(prune(object, schema)).toEqual(["spec.extra", "spec.free.known.lost"]);
    expect(object.spec).toEqual({ size: 1, free: { any: { thing: 1 }, known: {} }, map: { a: 1 } });
  });

  test("fills in defaults, also for null where null is not allowed", () => {
    const object = { spec: { size: 1, colour: null } };
    applyDefaults(object, schema);
    expect(object.spec).toEqual({ size: 1, colour: "blue" });
  });
});

describe("a built-in schema", () => {
  const kind = (resource: string) => {
    const found = builtInKinds().find((candidate) => candidate.resource === resource);
    if (!found) throw new Error(resource);
    return found;
  };

  test("knows every field of what it describes", () => {
    const policy = {
      apiVersion: "v1",
      kind: "NetworkPolicy",
      metadata: {},
      spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }], colour: 1 }] },
    };
    expect(prune(policy, kind("networkpolicies").schema)).toEqual(["spec.ingress[0].colour"]);
  });

  test("keeps what Kubernetes does not look into", () => {
    const crd = {
      metadata: {},
      spec: {
        versions: [
          { schema: { openAPIV3Schema: { default: { any: [1] }, "x-kubernetes-validations": [{ rule: "true" }] } } },
        ],
      },
    };
    expect(prune(crd, kind("customresourcedefinitions").schema)).toEqual([]);
  });

  test("says what a Go type could not hold", () => {
    expect(typeMismatch({ data: { a: 1 } }, kind("configmaps"))).toContain(
      "cannot unmarshal number into Go struct field ConfigMap.data",
    );
    expect(typeMismatch({ spec: { minAvailable: 1 } }, kind("poddisruptionbudgets"))).toBeUndefined();
    expect(typeMismatch({ spec: { minAvailable: "10%" } }, kind("poddisruptionbudgets"))).toBeUndefined();
  });
});
