import { copyJson, type Fields } from "../json.ts";
import { apiVersionOf, type Kind } from "../kinds/kind.ts";
import type { KubeObject } from "../objects.ts";
import { compare } from "./compare.ts";
import { type Conflict, ConflictError } from "./conflicts.ts";
import { FieldSet } from "./field-set.ts";
import { type Manager, type Managers, managerId } from "./managers.ts";
import { merge, removeFields } from "./merge.ts";
import { fieldsOf, withNamedParents } from "./owned-fields.ts";

/** Who writes, and through which door. */
export interface Writer {
  kind: Kind;
  manager: string;
  subresource: string;
  time: string;
}

const neverOwned = FieldSet.parse({
  "f:apiVersion": {},
  "f:kind": {},
  "f:metadata": {
    ".": {},
    "f:name": {},
    "f:namespace": {},
    "f:creationTimestamp": {},
    "f:selfLink": {},
    "f:uid": {},
    "f:generation": {},
    "f:managedFields": {},
    "f:resourceVersion": {},
  },
});

const status = FieldSet.parse({ "f:status": {} });
const allButStatus = FieldSet.parse({ "f:spec": {}, "f:metadata": { "f:labels": {} } });
const allButStatusCustom = FieldSet.parse({ "f:spec": {}, "f:metadata": {} });

/** The fields a door does not let through: status on the main one, everything else on /status. */
function closedFields({ kind, subresource }: Writer): FieldSet {
  if (subresource === "status") return kind.custom ? allButStatusCustom : allButStatus;
  return kind.subresources.some(({ name }) => name === "status") ? status : new FieldSet();
}

function identity(
  { kind, manager, subresource }: Writer,
  operation: "Apply" | "Update",
): Omit<Manager, "fields" | "time"> {
  return { manager: manager || "unknown", operation, apiVersion: apiVersionOf(kind), subresource };
}

/** Takes what changed away from everybody else; without force, touching what somebody owns is a conflict. */
function takeFrom(others: Managers, self: string, before: unknown, after: unknown, writer: Writer, force: boolean) {
  const closed = closedFields(writer);
  const { added, modified, removed } = compare(before, after, writer.kind.schema);
  const changed = modified.union(added).without(closed);
  const gone = removed.without(closed);
  const conflicts: Conflict[] = [];
  for (const [id, manager] of others) {
    if (id === self) continue;
    const fields = manager.fields.intersection(changed);
    if (!fields.isEmpty) conflicts.push({ manager, fields });
  }
  if (!force && conflicts.length > 0) throw new ConflictError(conflicts);
  for (const [id, manager] of others) {
    if (id === self) continue;
    const fields = manager.fields.difference(changed).difference(gone);
    if (fields.isEmpty) others.delete(id);
    else others.set(id, { ...manager, fields });
  }
  return { changed, gone };
}

/** After a create, update or patch: the writer owns what it changed, nobody else does any more. */
export function afterUpdate(managers: Managers, before: KubeObject | Fields, after: KubeObject, writer: Writer): void {
  const who = identity(writer, "Update");
  const id = managerId(who);
  const { changed, gone } = takeFrom(managers, "", before, after, writer, true);
  const fresh = changed.difference(gone).difference(neverOwned);
  if (fresh.isEmpty) return;
  const previous = managers.get(id)?.fields ?? new FieldSet();
  managers.set(id, { ...who, time: writer.time, fields: previous.union(fresh) });
}

/** Server-side apply: the live object with the applied configuration merged in, and the managers after it. */
export function apply(
  managers: Managers,
  live: KubeObject | Fields,
  config: KubeObject,
  writer: Writer,
  force: boolean,
): Fields {
  const { schema } = writer.kind;
  const who = identity(writer, "Apply");
  const id = managerId(who);
  const last = managers.get(id);
  const fields = fieldsOf(config, schema).without(closedFields(writer));
  const merged = merge(live, copyJson(config), schema) as Fields;
  managers.set(id, { ...who, time: last?.time, fields });
  const result = last ? dropAbandoned(merged, last.fields, managers, writer) : merged;
  takeFrom(managers, id, live, result, writer, force);
  const owned = fields.difference(neverOwned);
  if (owned.isEmpty) managers.delete(id);
  else managers.set(id, { ...who, time: last?.time, fields: owned });
  return result;
}

/** Removes what the manager applied last time, does not apply now, and nobody else owns. */
function dropAbandoned(merged: Fields, last: FieldSet, managers: Managers, { kind: { schema } }: Writer): Fields {
  const named = (set: FieldSet) => withNamedParents(set, schema);
  const lastNamed = named(last);
  let owned = new FieldSet();
  for (const manager of managers.values()) owned = owned.union(manager.fields);

  const all = named(fieldsOf(merged, schema));
  const cut = removeFields(merged, lastNamed, schema) ?? {};
  const keep = named(fieldsOf(cut, schema)).union(named(owned));
  const restored = removeFields(merged, all.difference(keep), schema) ?? {};
  const remaining = named(fieldsOf(restored, schema));
  return (removeFields(merged, all.difference(remaining).intersection(lastNamed), schema) ?? {}) as Fields;
}
