import { type Fields, isFields } from "../json.ts";
import type { FieldError } from "../status.ts";
import type { Behaviour } from "./kind.ts";

interface Names extends Fields {
  plural: string;
  kind: string;
  singular?: string;
  listKind?: string;
}

interface Spec extends Fields {
  group: string;
  names: Names;
  scope: string;
  versions: { name: string; served?: boolean; storage?: boolean; schema?: Fields }[];
  conversion?: object;
}

const required = (field: string): FieldError => ({ type: "FieldValueRequired", field, message: "Required value" });
const wrong = (field: string, value: unknown, why: string): FieldError => ({
  type: "FieldValueInvalid",
  field,
  message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
});

/** CustomResourceDefinitions themselves. */
export const customResourceDefinition: Behaviour = {
  generation: true,
  unconditionalUpdate: false,
  defaults(object) {
    const { spec } = object as { spec?: Spec };
    if (!isFields(spec) || !isFields(spec.names)) return;
    spec.conversion ??= { strategy: "None" };
    const { names } = spec;
    if (names.kind) {
      names.singular ||= names.kind.toLowerCase();
      names.listKind ||= `${names.kind}List`;
    }
  },
  prepare(object, previous) {
    const { spec } = object as { spec?: Spec };
    if (!previous) {
      const stored = (spec?.versions ?? []).filter(({ storage }) => storage).map(({ name }) => name);
      object["status"] = { acceptedNames: { kind: "", plural: "" }, conditions: null, storedVersions: stored };
    }
  },
  validate(object) {
    const { spec } = object as { spec?: Spec };
    if (!isFields(spec)) return [required("spec")];
    const { names, versions } = spec;
    const errors: FieldError[] = [];
    if (!spec.group) errors.push(required("spec.group"));
    if (!names?.plural) errors.push(required("spec.names.plural"));
    if (!names?.kind) errors.push(required("spec.names.kind"));
    if (!["Namespaced", "Cluster"].includes(spec.scope)) {
      const message = `Unsupported value: ${JSON.stringify(spec.scope ?? "")}: supported values: "Cluster", "Namespaced"`;
      errors.push({ type: "FieldValueNotSupported", field: "spec.scope", message });
    }
    if (errors.length > 0) return errors;
    const expected = `${names.plural}.${spec.group}`;
    if (object.metadata.name !== expected) {
      errors.push(wrong("metadata.name", object.metadata.name, 'must be spec.names.plural+"."+spec.group'));
    }
    if ((versions ?? []).filter(({ storage }) => storage).length !== 1) {
      errors.push(wrong("spec.versions", versions ?? [], "must have exactly one version marked as storage version"));
    }
    for (const [index, version] of (versions ?? []).entries()) {
      if (!isFields(version.schema?.["openAPIV3Schema"])) {
        errors.push({
          type: "FieldValueRequired",
          field: `spec.versions[${index}].schema.openAPIV3Schema`,
          message: "Required value: schemas are required",
        });
      }
    }
    return errors;
  },
};
