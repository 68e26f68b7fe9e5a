import { describe, expect, test } from "vitest";
import { nameProblem, namesAreNormalised, normaliseApplicationName } from "./application-name.ts";

describe("RA-22 the name of an Application", () => {
  test.each([
    ["Commerce Cloud", "mp-commerce-cloud"],
    ["mp-orders", "mp-orders"],
    ["SAP S/4HANA (EU10)", "mp-sap-s-4hana-eu10"],
    ["mp-Orders", "mp-mp-orders"],
    ["orders", "mp-orders"],
    ["MP-SHOP", "mp-mp-shop"],
    ["  spaced  ", "mp-spaced"],
    ["mp-", "mp-mp"],
    ["a.b.c", "mp-a-b-c"],
    ["mp--x", "mp-mp-x"],
    ["foo__bar--baz", "mp-foo-bar-baz"],
    ["x-", "mp-x"],
    ["Ünïcode Shop", "mp-n-code-shop"],
    ["café", "mp-caf"],
    ["日本語", "mp"],
    ["", "mp"],
    ["\u212Aelvin", "mp-kelvin"],
    ["name\twith\nctrl", "mp-name-with-ctrl"],
    ["\u0130stanbul", "mp-istanbul"],
    ["a\u{1F600}b", "mp-a-b"],
  ])("of %j is %s", (name, normalised) => {
    expect(normaliseApplicationName(name)).toBe(normalised);
  });

  test.each([
    "tEsT-ApPlIcAtIoN",
    "test.application",
    "test$application",
    "test&application",
    "test@application",
    "test%.-&application",
    "!test-application",
    "!@#$%test-application",
    "test-application%",
    "test-application&*^%",
    "[test@application]",
    "test---application",
    "---test-application",
    "test-application---",
    "---test---application---",
    "test-application-",
    "test-application&--*^-%",
    "---tEsT@ApPlIcAtIoN.!$",
    "test-application",
    "mp-test-application",
  ])("of %s is mp-test-application", (name) => {
    expect(normaliseApplicationName(name)).toBe("mp-test-application");
  });
});

test.each([
  [{ isNormalized: "true" }, true],
  [{ isNormalized: "false" }, false],
  [{ isNormalized: true }, false],
  [{ isNormalized: ["true"] }, false],
  [{}, false],
])("RA-21 names under the runtime labels %j are normalised by UCL: %s", (labels, expected) => {
  expect(namesAreNormalised(labels)).toBe(expected);
});

test.each([
  ["mp-orders", true],
  ["a.b-c.d", true],
  ["a".repeat(253), true],
  ["a".repeat(254), false],
  ["mp-foo-bar-AB1", false],
  ["Foo Bar", false],
  ["-a", false],
  ["a..b", false],
  ["", false],
])("%j may name an object: %s", (name, allowed) => {
  expect(nameProblem(name) === undefined).toBe(allowed);
});
