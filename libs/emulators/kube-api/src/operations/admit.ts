import { readManagers, writeManagers } from "../apply/managers.ts";
import { afterUpdate } from "../apply/ownership.ts";
import { type Fields, isFields } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";
import { type KubeObject, timestamp } from "../objects.ts";
import { applyDefaults } from "../schema/defaults.ts";
import { omitEmpty } from "../schema/omit-empty.ts";
import { writeQuantities } from "../schema/quantity.ts";
import { brokenRules } from "../schema/rules.ts";
import { fieldSchema } from "../schema/schema.ts";
import { validate } from "../schema/validate.ts";
import { addZeroStructs, emptyObject } from "../schema/zero-structs.ts";
import { type FieldError, invalid } from "../status.ts";
import type { Cluster, WriteOptions } from "./cluster.ts";
import { metadataErrors, metadataUpdateErrors } from "./metadata.ts";

/** Fills in defaults, in place. */
export function setDefaults(kind: Kind, object: KubeObject, previous: KubeObject | undefined): void {
  if (kind.custom) {
    omitEmpty(object.metadata, fieldSchema(kind.schema, "metadata"));
    applyDefaults(object, kind.schema);
  } else {
    omitEmpty(object, kind.schema);
    addZeroStructs(object, kind.schema);
    writeQuantities(object, kind.schema);
  }
  kind.behaviour.defaults?.(object, previous);
}

/** Throws when the object may not be stored. */
export function requireValid(
  kind: Kind,
  object: KubeObject,
  previous: KubeObject | undefined,
  subresource?: string,
): void {
  const errors: FieldError[] = metadataErrors(object, kind);
  if (previous) errors.push(...metadataUpdateErrors(object, previous));
  if (kind.custom) {
    const found =
      subresource === "status" ? statusErrors(kind, object, previous) : validate(object, kind.schema, "", previous);
    errors.push(...found, ...brokenRules(object, kind.schema, previous, found));
  }
  errors.push(...(kind.behaviour.validate?.(object, previous) ?? []));
  if (errors.length > 0) throw invalid(kind.behaviour.errorKind ?? kind, object.metadata.name, errors);
}

/** Through its own door a status is looked at alone, and the messages speak from there. */
function statusErrors(kind: Kind, object: KubeObject, previous: KubeObject | undefined): FieldError[] {
  if (object["status"] === undefined) return [];
  const errors = validate(object["status"], fieldSchema(kind.schema, "status"), "", previous?.["status"]);
  return errors.map((error) => ({ ...error, field: `status.${error.field}` }));
}

/**
 * Records in `object` who owns what after an ordinary write. What the request said about managedFields counts only
 * when it is not empty, or empties them on purpose.
 */
export function recordUpdate(
  cluster: Cluster,
  kind: Kind,
  object: KubeObject,
  previous: KubeObject | undefined,
  options: WriteOptions,
): void {
  const { managedFields: given, ...metadata } = object.metadata;
  const resets = given !== undefined && (given.length === 0 || (given.length === 1 && isEmpty(given[0])));
  const isGiven = Boolean(given?.length) && !options.subresource;
  const known = resets ? [] : isGiven ? given : previous?.metadata.managedFields;
  const managers = readManagers(known, kind.group);
  const next: KubeObject = { ...object, metadata };
  // An object whose managers were emptied on purpose is not tracked again before somebody applies it.
  if (!previous || known?.length) {
    const before = previous
      ? { ...previous, metadata: { ...previous.metadata, managedFields: undefined } }
      : emptyOf(kind);
    const writer = {
      kind,
      manager: options.manager,
      subresource: options.subresource ?? "",
      time: timestamp(cluster.now()),
    };
    afterUpdate(managers, before, next, writer);
  }
  const entries = writeManagers(managers);
  if (entries.length > 0) object.metadata.managedFields = entries;
  else delete object.metadata.managedFields;
}

/** What the first writer starts from. */
export const emptyOf = (kind: Kind): Fields => (kind.custom ? {} : emptyObject(kind.schema));

const isEmpty = (entry: unknown) => isFields(entry) && Object.keys(entry).length === 0;
