import type { ManagedFieldsEntry } from "../objects.ts";
import { FieldSet } from "./field-set.ts";

/** One line of managedFields with its fields in a form that can be computed with. */
export interface Manager {
  manager: string;
  operation: "Apply" | "Update";
  apiVersion: string;
  subresource: string;
  time: string | undefined;
  fields: FieldSet;
}

export type Managers = Map<string, Manager>;

/** Appliers are one manager whatever version they apply; updaters are told apart by version. */
export function managerId({ manager, operation, apiVersion, subresource }: Omit<Manager, "fields" | "time">): string {
  return JSON.stringify([manager, operation, operation === "Apply" ? "" : apiVersion, subresource]);
}

/** @param group what was written by way of another group is not known to this one */
export function readManagers(entries: readonly ManagedFieldsEntry[] | undefined, group: string): Managers {
  const managers: Managers = new Map();
  for (const entry of entries ?? []) {
    if ((entry.apiVersion.includes("/") ? entry.apiVersion.split("/")[0] : "") !== group) continue;
    const manager: Manager = {
      manager: entry.manager,
      operation: entry.operation,
      apiVersion: entry.apiVersion,
      subresource: entry.subresource ?? "",
      time: entry.time,
      fields: FieldSet.parse(entry.fieldsV1),
    };
    managers.set(managerId(manager), manager);
  }
  return managers;
}

export function writeManagers(managers: Managers): ManagedFieldsEntry[] {
  return [...managers.values()]
    .filter(({ fields }) => !fields.isEmpty)
    .sort(
      (a, b) =>
        order(a.operation, b.operation) ||
        order(a.time ?? "", b.time ?? "") ||
        order(a.manager, b.manager) ||
        order(a.apiVersion, b.apiVersion) ||
        order(a.subresource, b.subresource),
    )
    .map(({ manager, operation, apiVersion, time, fields, subresource }) => ({
      manager,
      operation,
      apiVersion,
      ...(time !== undefined && { time }),
      fieldsType: "FieldsV1",
      fieldsV1: fields.toFields(),
      ...(subresource && { subresource }),
    }));
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
