import { type Fields, isFields } from "../json.ts";
import type { Behaviour } from "./kind.ts";
import { pathSegment } from "./names.ts";

const group = "rbac.authorization.k8s.io";

/** Names of roles may contain nearly anything: `system:controller:job-controller`. */
export const role: Behaviour = { validName: pathSegment, createOnUpdate: true };

export const roleBinding: Behaviour = {
  validName: pathSegment,
  createOnUpdate: true,
  defaults(object) {
    const { roleRef, subjects } = object as { roleRef?: Fields; subjects?: Fields[] };
    if (isFields(roleRef)) roleRef["apiGroup"] ??= group;
    for (const subject of subjects ?? []) {
      if (subject["kind"] === "User" || subject["kind"] === "Group") subject["apiGroup"] ??= group;
    }
  },
  validate(object, previous) {
    const { roleRef } = object as { roleRef?: Fields };
    const before = previous as { roleRef?: Fields } | undefined;
    if (!before || (before.roleRef?.["name"] === roleRef?.["name"] && before.roleRef?.["kind"] === roleRef?.["kind"]))
      return [];
    const message = `Invalid value: ${JSON.stringify(roleRef)}: cannot change roleRef`;
    return [{ type: "FieldValueInvalid", field: "roleRef", message }];
  },
};
