import { describe, expect, test } from "vitest";
import { hasEventPolicy, judge } from "./event-policy.ts";
import { type SourcePolicy, unrestricted } from "./settings.ts";
import { parseTypePattern, type TypePattern } from "./type-pattern.ts";

const application = (settings: object = {}) => ({
  name: "my.app",
  typeLabel: "shop",
  settings: { ...unrestricted, ...settings },
});
const prefix = "sap.kyma.custom";
const judged = (settings: object, type: string, source = "my.app") =>
  judge(application(settings), { id: "1", type, source }, prefix);

describe("types", () => {
  const matches = (pattern: string, type: string) => parseTypePattern(pattern)?.(type);
  test.each([
    ["order.created.v1", "order.created.v1", true],
    ["order.created.v1", "order.created.v2", false],
    ["order.*.v1", "order.created.v1", true],
    ["order.*.v1", "order.created.now.v1", false],
    ["order.*", "order", false],
    ["*", "order", true],
    ["*", "a.b", false],
    ["order.**", "order.created.v1", true],
    ["order.**", "order", false],
    ["order.**", "orders.created", false],
    ["**", "anything.at.all", true],
    ["*.created.**", "order.created.v1", true],
    ["*.created.**", "order.created", false],
    ["a-b_c/d", "a-b_c/d", true],
    ["Order.*", "order.x", false],
  ])("%s and %s: %s", (pattern, type, expected) => {
    expect(matches(pattern, type)).toBe(expected);
  });
  test.each(["", ".", "a..b", "a b", "a.b*", "**.a", "a.**.b", "***"])("%j is no pattern", (pattern) => {
    expect(parseTypePattern(pattern)).toBeUndefined();
  });
  test("only those of the list may be sent", () => {
    const allowedTypes = ["order.*.v1", "invoice.**"].map(parseTypePattern) as TypePattern[];
    expect(judged({ allowedTypes }, "order.created.v1")).toBe("pass");
    expect(judged({ allowedTypes }, "invoice.paid")).toBe("pass");
    expect(judged({ allowedTypes }, "customer.created.v1")).toBe("type_not_allowed");
    expect(judged({ allowedTypes: [] }, "order.created.v1")).toBe("type_not_allowed");
  });
});

describe("sources", () => {
  test.each([
    ["any", "other-app", "pass"],
    ["match", "my.app", "pass"],
    ["match", "shop", "pass"],
    ["match", "/extra", "pass"],
    ["match", "other-app", "source_not_allowed"],
    ["match", "myapp", "source_not_allowed"],
    ["match", "My.app", "source_not_allowed"],
    ["match", "my.app ", "source_not_allowed"],
    ["match", "/my.app", "source_not_allowed"],
    ["rewrite", "my.app", "pass"],
    ["rewrite", "shop", "pass"],
    ["rewrite", "other-app", "rewrite_source"],
  ] as [SourcePolicy, string, string][])("%s, %j: %s", (sourcePolicy, source, expected) => {
    const settings = { sourcePolicy, allowedSources: new Set(["/extra"]) };
    expect(judged(settings, "order.created.v1", source)).toBe(expected);
  });

  test.each([
    ["sap.kyma.custom.myapp.order.created.v1", "pass"],
    ["sap.kyma.custom.my-app.order.created.v1", "pass"],
    ["sap.kyma.custom.shop.order.created.v1", "pass"],
    ["sap.kyma.custom.other.order.created.v1", "source_not_allowed"],
    ["sap.kyma.customother.order.created.v1", "source_not_allowed"],
    ["sap.kyma.custom", "source_not_allowed"],
    ["sap.kyma.custom..order.created.v1", "source_not_allowed"],
    ["sap.kyma.custom.-.order.created.v1", "source_not_allowed"],
    ["sap.kyma.other.order.created.v1", "pass"],
    ["Sap.kyma.custom.other.order.created.v1", "pass"],
  ])("a prefixed type names its sender as well: %s", (type, expected) => {
    for (const sourcePolicy of ["match", "rewrite"]) expect(judged({ sourcePolicy }, type)).toBe(expected);
    expect(judged({ sourcePolicy: "any" }, type)).toBe("pass");
  });
});

test("there is a policy when something is restricted", () => {
  expect(hasEventPolicy(application())).toBe(false);
  expect(hasEventPolicy(application({ allowedTypes: [] }))).toBe(true);
  expect(hasEventPolicy(application({ sourcePolicy: "match" }))).toBe(true);
});
