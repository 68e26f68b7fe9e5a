import type { KubeObject } from "../objects.ts";
import { Entry } from "../store/entry.ts";
import { apiVersionOf, type Kind } from "./kind.ts";

/** How a kind shows objects that are stored as objects of another one. Both ways leave alone what is already there. */
export interface Form {
  shown(object: KubeObject): KubeObject;
  stored(object: KubeObject): KubeObject;
}

/** An object as it reads in the kind's version; versions of a custom resource differ in their name only. */
export function inVersion(kind: Kind, object: KubeObject): KubeObject {
  if (kind.form) return kind.form.shown(object);
  const apiVersion = apiVersionOf(kind);
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}

/** The stored version of an object, as the kind shows it. */
export function entryIn(kind: Kind, entry: Entry): Entry;
export function entryIn(kind: Kind, entry: Entry | undefined): Entry | undefined;
export function entryIn(kind: Kind, entry: Entry | undefined): Entry | undefined {
  return kind.form && entry ? new Entry(entry.key, kind.form.shown(entry.object), entry.revision) : entry;
}
