import type { CustomResourceDefinition } from "./custom-resource-definition.ts";
import { firstMistake } from "./first-mistake.ts";
import type { Resource } from "./resource.ts";

/** The resource a CRD defines, with a validator made from its schema. */
export function defineResource<T>(definition: CustomResourceDefinition, version: string): Resource<T> {
  const { group, scope, names, versions } = definition.spec;
  const schema = versions.find(({ name }) => name === version)?.schema.openAPIV3Schema;
  if (schema === undefined) throw new TypeError(`${definition.metadata.name} has no version ${version}`);
  const apiVersion = `${group}/${version}`;
  return {
    group,
    version,
    plural: names.plural,
    kind: names.kind,
    namespaced: scope === "Namespaced",
    validate: (object) => firstMistake(schema, object) ?? identityMistake(object as Identity, apiVersion, names.kind),
  };
}

interface Identity {
  apiVersion?: string;
  kind?: string;
  metadata?: { name?: unknown };
}

/** CRD schemas say nothing about metadata. Items of a list may lack apiVersion and kind. */
function identityMistake(object: Identity, apiVersion: string, kind: string): string | undefined {
  if (object.apiVersion !== undefined && object.apiVersion !== apiVersion) return `apiVersion must be ${apiVersion}`;
  if (object.kind !== undefined && object.kind !== kind) return `kind must be ${kind}`;
  const name = object.metadata?.name;
  return typeof name === "string" && name !== "" ? undefined : "metadata.name is required";
}
