import { expect, test } from "vitest";
import { subscribedTypes } from "./subscribed-types.ts";

const of = (spec: object) => ({ metadata: { name: "s" }, spec });
const listed = (application: string, ...specs: object[]) =>
  subscribedTypes(application, specs.map(of), "sap.kyma.custom").map(({ name, version }) => [name, version]);

test.each<[title: string, application: string, specs: object[], types: string[][]]>([
  [
    "its own",
    "shop",
    [{ source: "shop", types: ["order.created.v1", "order.paid.v2"] }],
    [
      ["order.created", "v1"],
      ["order.paid", "v2"],
    ],
  ],
  ["none of another one", "shop", [{ source: "shopping", types: ["order.created.v1"] }], []],
  [
    "each once",
    "shop",
    [
      { source: "shop", types: ["a.b.v1"] },
      { source: "shop", types: ["a.b.v1"] },
    ],
    [["a.b", "v1"]],
  ],
  ["one without a dot", "shop", [{ source: "shop", types: ["created"] }], [["created", ""]]],
  [
    "exact ones that name it, whatever their source",
    "my.shop",
    [
      {
        source: "x",
        typeMatching: "exact",
        types: ["sap.kyma.custom.my.shop.order.created.v1", "sap.kyma.custom.my.order.v1"],
      },
    ],
    [["order.created", "v1"]],
  ],
  [
    "an exact one of its source that does not name it",
    "shop",
    [{ source: "shop", typeMatching: "exact", types: ["a.b.v1"] }],
    [],
  ],
  [
    "what can be read of odd ones",
    "shop",
    [{ source: "shop", types: "a.b.v1" }, { source: "shop", types: [1, "a.b.v1"] }, {}],
    [["a.b", "v1"]],
  ],
])("the list has %s", (_title, application, specs, types) => {
  expect(listed(application, ...specs)).toEqual(types);
});
