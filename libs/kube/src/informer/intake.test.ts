import { expect, test } from "vitest";
import { createIntake } from "./intake.ts";

test("objects are stripped, completed, transformed and frozen; what is no object is refused with a reason", () => {
  const resource = { group: "example.com", version: "v1", plural: "things", kind: "Thing", namespaced: true };
  const intake = createIntake<{ metadata: { annotations?: object; managedFields?: object }; spec: { big?: string } }>({
    resource,
    transform: (object) => {
      delete object.spec.big;
      return object;
    },
  });
  const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";
  const raw = {
    metadata: {
      name: "a",
      resourceVersion: "1",
      managedFields: [{}],
      annotations: { [lastApplied]: "{}", kept: "yes" },
    },
    spec: { big: "x", list: [{ deep: {} }] },
  };
  const taken = intake(raw);
  expect(taken).toEqual({
    object: {
      apiVersion: "example.com/v1",
      kind: "Thing",
      metadata: { name: "a", resourceVersion: "1", annotations: { kept: "yes" } },
      spec: { list: [{ deep: {} }] },
    },
  });
  expect("object" in taken && Object.isFrozen((taken.object.spec as unknown as { list: object[] }).list[0])).toBe(true);
  for (const [value, problem] of [
    [null, "is no object"],
    [{}, "has no metadata"],
    [{ metadata: { name: "" } }, "has no metadata.name"],
    [{ metadata: { name: "a" } }, "has no metadata.resourceVersion"],
    [{ metadata: { name: "a", resourceVersion: "1" } }, "cannot be read: Cannot convert undefined or null to object"],
  ] as const) {
    expect(intake(value)).toEqual({ problem });
  }
});
