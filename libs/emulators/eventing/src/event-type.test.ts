import { expect, test } from "vitest";
import { placeEvent, placeLegacy, type TypeRules } from "./event-type.ts";
import { PublishError } from "./publish-error.ts";

const labels = new Map([["crm", "sales>v2"]]);
const rules: TypeRules = { prefix: "sap.kyma.custom", applicationType: (name) => labels.get(name) };

test.each([
  ["commerce", "order.created.v1", "kyma.commerce.order.created.v1"],
  ["my.app", "order.created.v1", "kyma.myapp.order.created.v1"],
  ["/a b>*\\c", "or der.>*/\\created.v1", "kyma.abc.order.created.v1"],
  ["crm", "order.created.v1", "kyma.salesv2.order.created.v1"],
  ["my-app", "Order_Created", "kyma.my-app.Order_Created"],
])("an event of %s with type %s is stored as %s", (source, type, stored) => {
  expect(placeEvent(source, type, rules)).toEqual({ type: stored, subject: stored, originalType: type });
});

test.each([
  ["sap.kyma.custom.app.order.created.v1", "sap.kyma.custom.app.order.created.v1"],
  ["sap.kyma.custom.my-app.big.fat.order.created.v-1", "sap.kyma.custom.myapp.bigfatorder.created.v1"],
  ["sap.kyma.custom.crm.order.created.v1", "sap.kyma.custom.salesv2.order.created.v1"],
])("the prefixed type %s is stored as %s", (type, stored) => {
  expect(placeEvent("any", type, rules)).toEqual({ type: stored, subject: `kyma.${stored}` });
});

test.each([
  ["s", "order..v1", "event type cannot have empty segments after cleaning: kyma.s.order..v1"],
  ["...", "order.v1", "event type cannot have empty segments after cleaning: kyma..order.v1"],
  [
    "s",
    "sap.kyma.custom.app.order.v1",
    "failed to parse event-type=sap.kyma.custom.app.order.v1 with prefix=sap.kyma.custom: invalid format",
  ],
])("%s / %s is refused", (source, type, message) => {
  expect(() => placeEvent(source, type, rules)).toThrow(new PublishError(message));
});

test("the prefixed twin of a legacy event merges all segments but the last", () => {
  expect(placeLegacy("my-app", "order.item-1.created", "v1", rules).type).toBe(
    "sap.kyma.custom.myapp.orderitem1.created.v1",
  );
});
