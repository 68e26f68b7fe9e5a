import type { Fields } from "../json.ts";
import type { KubeObject } from "../objects.ts";
import type { Schema } from "../schema/schema.ts";
import type { FieldError, GroupResource } from "../status.ts";
import type { Form } from "./form.ts";

export interface Column {
  name: string;
  type: string;
  format?: string;
  description?: string;
  priority?: number;
}

export interface Subresource {
  name: string;
  kind: string;
  verbs: readonly string[];
  group?: string;
  version?: string;
}

/** One resource in one version: everything the server knows about a kind it serves. */
export interface Kind extends GroupResource {
  version: string;
  singular: string;
  kind: string;
  listKind: string;
  namespaced: boolean;
  shortNames: readonly string[];
  categories: readonly string[];
  verbs: readonly string[];
  subresources: readonly Subresource[];
  /** Where the objects are kept; all versions of a resource share it. */
  collection: string;
  /** Served because of a CustomResourceDefinition: list items carry apiVersion and kind, no strategic merge patch. */
  custom: boolean;
  schema: Schema | undefined;
  definitionName?: string;
  columns: readonly Column[];
  /** The cells of an object's row; without it there are name and age only. */
  cells?: (object: KubeObject, now: number) => unknown[];
  behaviour: Behaviour;
  /** Set where the objects are kept in the shape of another kind. */
  form?: Form;
}

/** What differs from kind to kind beyond the schema (upstream: the registry strategies). */
export interface Behaviour {
  /** Whether metadata.generation counts changes of the spec. */
  generation?: boolean;
  /** Fills in defaults, in place; they belong to whoever wrote the object. */
  defaults?: (object: KubeObject, previous: KubeObject | undefined) => void;
  /** Sets what the server alone decides, in place, after it was recorded who owns what. */
  prepare?: (object: KubeObject, previous: KubeObject | undefined) => void;
  validate?: (object: KubeObject, previous: KubeObject | undefined) => FieldError[];
  /** What a new object's status looks like, where it has one from birth. */
  initialStatus?: () => Fields;
  /** As what objects that are not valid are named, where that is not their kind. */
  errorKind?: { group: string; kind: string };
  validName?: (name: string) => string | undefined;
  /** Fields by which field selectors may choose, beside metadata.name and metadata.namespace. */
  selectable?: readonly string[];
  /** false: an update must name the resourceVersion it is based on. */
  unconditionalUpdate?: boolean;
  /** PUT of what is not there creates it. */
  createOnUpdate?: boolean;
}

export const apiVersionOf = ({ group, version }: { group: string; version: string }): string =>
  group ? `${group}/${version}` : version;

export const hasStatus = (kind: Kind): boolean => kind.subresources.some(({ name }) => name === "status");

export const collectionOf = (group: string, resource: string): string => `${group}/${resource}`;
