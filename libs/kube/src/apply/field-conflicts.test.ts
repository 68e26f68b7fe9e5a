import { expect, test } from "vitest";
import { KubeError } from "../transport/kube-error.ts";
import { fieldConflicts } from "./field-conflicts.ts";

const refused = (causes: object[], reason = "Conflict") =>
  new KubeError("apply failed", { status: 409, reason, details: { causes } });

test.each([
  { who: "an applier", message: 'conflict with "other"', manager: "other" },
  { who: "an updater", message: 'conflict with "kubectl-edit" using apps/v1', manager: "kubectl-edit" },
  { who: "a status writer", message: 'conflict with "him" with subresource "status" using v1', manager: "him" },
  { who: "somebody with an odd name", message: 'conflict with "a \\"b\\""', manager: 'a "b"' },
  { who: "a server of the future", message: "everything is different", manager: "everything is different" },
])("names $who", ({ message, manager }) => {
  const causes = [{ reason: "FieldManagerConflict", message, field: ".data.a" }, { reason: "Other" }];
  expect(fieldConflicts(refused(causes))).toEqual([{ manager, field: ".data.a" }]);
});

test("other failures are no conflict about fields", () => {
  expect(fieldConflicts(refused([]))).toEqual([]);
  expect(fieldConflicts(refused([{ reason: "FieldManagerConflict" }], "AlreadyExists"))).toEqual([]);
  expect(fieldConflicts(new Error("no"))).toEqual([]);
});
