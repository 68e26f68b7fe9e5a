import type { Leftover } from "@application-connector/kube";
import { expect, test } from "vitest";
import { blockedBy } from "./applications.ts";
import { removalStages } from "./stages.ts";

const leftover = (kind: string, name = kind.toLowerCase()): Leftover =>
  ({ resource: { kind }, object: { metadata: { name } } }) as Leftover;

test("B10 doors go first, definitions apart, what nobody knows after all that is known", () => {
  const kinds = [
    // Of another release: what its objects are, nobody knows here.
    "CustomResourceDefinition",
    "Novelty",
    "Service",
    "Deployment",
    "NetworkPolicy",
    "Gateway",
    "RoleBinding",
  ];
  const { stages, definitions } = removalStages([
    ...kinds.map((kind) => leftover(kind)),
    leftover("CustomResourceDefinition", "applications.applicationconnector.kyma-project.io"),
  ]);
  expect(stages.map((stage) => stage.map(({ resource }) => resource.kind))).toEqual([
    ["Gateway"],
    ["Deployment"],
    ["Service"],
    ["RoleBinding"],
    ["NetworkPolicy"],
    ["Novelty"],
  ]);
  expect(definitions.map(({ object }) => object.metadata.name)).toEqual([
    "applications.applicationconnector.kyma-project.io",
  ]);
});

test("the message counts Applications and names some", () => {
  expect(blockedBy({ count: 1, names: ["crm"] })).toMatch(/^1 Application exists: crm\. Delete/);
  expect(blockedBy({ count: 7, names: ["a", "b", "c", "d", "e"] })).toContain(
    "7 Applications exist: a, b, c, d, e and 2 more",
  );
});
