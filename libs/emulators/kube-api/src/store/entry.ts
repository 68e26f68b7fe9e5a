import type { KubeObject } from "../objects.ts";

/** One version of an object. Never changed after it was stored, so lists and watches may share it and its JSON. */
export class Entry {
  readonly key: string;
  readonly object: KubeObject;
  readonly revision: number;
  #json: string | undefined;
  #itemJson: string | undefined;

  constructor(key: string, object: KubeObject, revision: number) {
    this.key = key;
    this.object = object;
    this.revision = revision;
  }

  get json(): string {
    this.#json ??= JSON.stringify(this.object);
    return this.#json;
  }

  /** As an item of a typed list, where the list's kind stands for the kind of its items. */
  get itemJson(): string {
    if (this.#itemJson === undefined) {
      const { apiVersion: _, kind: __, ...item } = this.object;
      this.#itemJson = JSON.stringify(item);
    }
    return this.#itemJson;
  }
}

/** The order of keys is the order of lists: by namespace, then by name, as in etcd. */
export function keyOf(namespace: string | undefined, name: string): string {
  return namespace ? `${namespace}/${name}` : name;
}
