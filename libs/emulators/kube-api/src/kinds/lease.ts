import { fieldsAt } from "../json.ts";
import type { FieldError } from "../status.ts";
import type { Behaviour } from "./kind.ts";

export const lease: Behaviour = {
  createOnUpdate: true,
  unconditionalUpdate: false,
  validate(object) {
    const { leaseDurationSeconds, leaseTransitions } = fieldsAt(object, "spec") ?? {};
    return [
      ...wrong("leaseDurationSeconds", leaseDurationSeconds, 1, "must be greater than 0"),
      ...wrong("leaseTransitions", leaseTransitions, 0, "must be greater than or equal to 0"),
    ];
  },
};

function wrong(field: string, value: unknown, least: number, why: string): FieldError[] {
  if (typeof value !== "number" || value >= least) return [];
  return [{ type: "FieldValueInvalid", field: `spec.${field}`, message: `Invalid value: ${value}: ${why}` }];
}
