import { builtInKinds } from "./built-in.ts";
import type { Kind } from "./kind.ts";

const idOf = (group: string, version: string, resource: string) => `${group}/${version}/${resource}`;

/** The resources served right now: the built-in ones and those of the CustomResourceDefinitions. */
export class Kinds {
  readonly #kinds = new Map<string, Kind>();
  readonly #custom = new Map<string, readonly string[]>();

  constructor() {
    for (const kind of builtInKinds()) this.#kinds.set(idOf(kind.group, kind.version, kind.resource), kind);
  }

  find(group: string, version: string, resource: string): Kind | undefined {
    return this.#kinds.get(idOf(group, version, resource));
  }

  /** The kind an object names itself; with several versions exactly the one it names. */
  ofObject(apiVersion: string, kind: string): Kind | undefined {
    const [version, group = ""] = apiVersion.split("/").reverse() as [string, string?];
    for (const candidate of this.#kinds.values()) {
      if (candidate.kind === kind && candidate.group === group && candidate.version === version) return candidate;
    }
    return undefined;
  }

  /** Any served version of what is kept in a collection. */
  ofCollection(collection: string): Kind | undefined {
    for (const kind of this.#kinds.values()) if (kind.collection === collection) return kind;
    return undefined;
  }

  all(): IterableIterator<Kind> {
    return this.#kinds.values();
  }

  /** Serves the versions of one CustomResourceDefinition instead of those it served before. */
  replaceCustom(definitionName: string, kinds: readonly Kind[]): void {
    for (const id of this.#custom.get(definitionName) ?? []) this.#kinds.delete(id);
    const ids = kinds.map((kind) => {
      const id = idOf(kind.group, kind.version, kind.resource);
      this.#kinds.set(id, kind);
      return id;
    });
    this.#custom.set(definitionName, ids);
  }
}
