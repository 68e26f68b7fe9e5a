import { expect, test } from "vitest";
import { isNewer, refuseDowngrade } from "./downgrade.ts";

test.each([
  ["1.2.0", "1.1.9", true],
  ["1.2.0", "1.2.0", false],
  ["1.10.0", "1.9.0", true],
  ["1.2.0", "1.2.0-rc.1", true],
  ["1.2.0-rc.2", "1.2.0-rc.10", false],
  ["v2.0.0+build", "1.9.9", true],
  ["0.0.0", "1.0.0", false],
])("%s is newer than %s: %s", (a, b, is) => {
  expect(isNewer(a, b)).toBe(is);
});

const definition = (versions: string[], more: object = {}) =>
  ({ metadata: { name: "things", ...more }, spec: { versions: versions.map((name) => ({ name })) } }) as never;

test("B26 a definition of a newer manager stays", () => {
  const annotations = { "operator.kyma-project.io/manager-version": "2.0.0" };
  const live = definition(["v1"], { annotations });
  expect(() => refuseDowngrade(live, definition(["v1"]), "1.0.0")).toThrow(/2\.0\.0.*newer/);
  expect(() => refuseDowngrade(live, definition(["v1"]), "2.0.0")).not.toThrow();
});

test("B26 a version in which objects are stored stays", () => {
  const live = { ...(definition(["v1", "v2"]) as object), status: { storedVersions: ["v1", "v2"] } } as never;
  expect(() => refuseDowngrade(live, definition(["v1"]), "1.0.0")).toThrow(/v2/);
  expect(() => refuseDowngrade(live, definition(["v1", "v2", "v3"]), "1.0.0")).not.toThrow();
});
