import type { ApplicationConnector } from "@application-connector/crds";
import { expect, test } from "vitest";
import { elect } from "./elect.ts";

const object = (
  name: string,
  change: { served?: string; at?: string; namespace?: string; deleted?: boolean; spec?: object } = {},
) =>
  ({
    metadata: {
      name,
      namespace: change.namespace ?? "kyma-system",
      creationTimestamp: change.at ?? "2030-01-01T00:00:00Z",
      ...(change.deleted ? { deletionTimestamp: "2030-01-02T00:00:00Z" } : {}),
    },
    spec: change.spec ?? {},
    ...(change.served ? { status: { state: "Ready", served: change.served } } : {}),
  }) as ApplicationConnector;

test.each([
  { title: "the oldest", objects: [object("b", { at: "2030-01-01T00:00:01Z" }), object("a")], served: "a" },
  { title: "the first by name of the same age", objects: [object("b"), object("a")], served: "a" },
  { title: "the one that is served", objects: [object("a"), object("b", { served: "True" })], served: "b" },
  {
    title: "the one that is served, though it cannot be read any more",
    objects: [object("a"), object("b", { served: "True", spec: { appGateway: { proxyTimeout: "abc" } } })],
    served: "b",
  },
  { title: "one that can be read", objects: [object("a", { spec: { appGateway: 1 } }), object("b")], served: "b" },
  { title: "one that stays", objects: [object("a", { deleted: true }), object("b")], served: "b" },
  { title: "nobody from elsewhere", objects: [object("a", { namespace: "default" })], served: undefined },
])("$title is served", ({ objects, served }) => {
  expect(elect(objects, "kyma-system").served?.metadata.name).toBe(served);
});

test("the others hear why, and who comes next is known", () => {
  const broken = object("broken", { spec: { appGateway: { requestTimeout: "-1s" } } });
  const objects = [
    object("a", { served: "True", deleted: true }),
    object("b"),
    object("c", { namespace: "x" }),
    broken,
  ];
  const { heir, declined } = elect(objects, "kyma-system");
  expect(heir?.metadata.name).toBe("b");
  expect(declined.map(({ object, reason }) => [object.metadata.name, reason])).toEqual([
    ["b", "Duplicated"],
    ["broken", "InvalidSpec"],
    ["c", "NamespaceNotSupported"],
  ]);
  expect(declined[0]?.message).toContain("kyma-system/a");
  expect(declined[1]?.message).toContain("spec.appGateway.requestTimeout");
});
