import { expect, test } from "vitest";
import { eventSubject } from "./event-subject.ts";
import { subjectsOf } from "./subscription.ts";

const labels: Record<string, string> = { labelled: "the-type" };
const rules = { typePrefix: "sap.kyma.custom", typeLabelOf: (name: string) => labels[name] };

test.each([
  ["shop", "order.created.v1", "kyma.shop.order.created.v1"],
  ["my.shop", "order.created.v1", "kyma.myshop.order.created.v1"],
  ["a b/c", "order*.cre ated>.v1", "kyma.abc.order.created.v1"],
  ["labelled", "order.created.v1", "kyma.the-type.order.created.v1"],
  ["shop", "order..v1", undefined],
  ["*", "order.v1", undefined],
  ["x", "sap.kyma.custom.shop.order.created.v1", "kyma.sap.kyma.custom.shop.order.created.v1"],
  ["x", "sap.kyma.custom.my-shop.Acct.Order.created.v1", "kyma.sap.kyma.custom.myshop.AcctOrder.created.v1"],
  ["x", "sap.kyma.custom.labelled.order.created.v1", "kyma.sap.kyma.custom.thetype.order.created.v1"],
  ["x", "sap.kyma.custom.shop.created.v1", undefined],
])("an event of %s, %s, is stored as %s", (source, type, subject) => {
  expect(eventSubject(source, type, rules)).toBe(subject);
});

test.each([
  [{ source: "my.shop", types: ["order.created.v1"] }, ["kyma.myshop.order.created.v1"]],
  [{ source: "labelled", types: ["o.v1"] }, ["kyma.labelled.o.v1", "kyma.the-type.o.v1"]],
  [{ source: "", types: ["sap.kyma.custom.shop.o.c.v1"], typeMatching: "exact" }, ["kyma.sap.kyma.custom.shop.o.c.v1"]],
  [{ source: 1, types: "order" }, []],
  [undefined, []],
])("a subscription %j waits for %j", (spec, subjects) => {
  expect(subjectsOf({ metadata: { name: "s" }, ...(spec && { spec }) }, rules.typeLabelOf)).toEqual(subjects);
});
