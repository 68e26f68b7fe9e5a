import { copyJson } from "./json.ts";
import { entryIn, inVersion } from "./kinds/form.ts";
import type { Kind } from "./kinds/kind.ts";
import type { KubeObject } from "./objects.ts";
import type { Cluster } from "./operations/cluster.ts";
import { create } from "./operations/create.ts";
import { type DeleteOptions, remove } from "./operations/delete.ts";
import { serverSideApply } from "./operations/server-side-apply.ts";
import { update } from "./operations/update.ts";
import { mergePatch } from "./patch/merge-patch.ts";
import { badRequest, notFound } from "./status.ts";
import { type Entry, keyOf } from "./store/entry.ts";

/** An object as far as one has to name it; namespaced ones are in `default` unless they say otherwise. */
export interface ObjectInput {
  apiVersion: string;
  kind: string;
  metadata: { name?: string; generateName?: string; namespace?: string; [field: string]: unknown };
  [field: string]: unknown;
}

export interface Reference {
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string;
}

const manager = "in-process";

/** The same store as over the wire, for whoever runs in the same process: seeds and looks without a connection. */
export class InProcess {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  create<T = KubeObject>(object: ObjectInput): T {
    const kind = this.#kind(object);
    return copyJson(create(this.#cluster, kind, namespaceOf(kind, object), object as KubeObject, { manager })) as T;
  }

  /** Server-side apply that takes what others own. */
  apply<T = KubeObject>(object: ObjectInput): T {
    const kind = this.#kind(object);
    const namespace = namespaceOf(kind, object);
    const { name = "" } = object.metadata;
    const config = { ...object, metadata: { ...object.metadata, ...(namespace && { namespace }) } } as KubeObject;
    const current = entryIn(kind, this.#cluster.store.get(kind.collection, keyOf(namespace, name)));
    const applied = serverSideApply(this.#cluster, kind, namespace, name, current, config, { manager, force: true });
    return copyJson(applied.object) as T;
  }

  /** A copy of the object; undefined when there is none. */
  get<T = KubeObject>(reference: Reference): T | undefined {
    const entry = this.#find(reference).entry;
    return entry && (copyJson(entry.object) as T);
  }

  list<T = KubeObject>(of: { apiVersion: string; kind: string; namespace?: string }): T[] {
    const kind = this.#kind(of);
    return this.#cluster.store
      .list(kind.collection, of.namespace)
      .map(({ object }) => copyJson(inVersion(kind, object)) as T);
  }

  /** A JSON merge patch. */
  patchObject<T = KubeObject>(reference: Reference, patch: object, options: { subresource?: "status" } = {}): T {
    const { kind, entry } = this.#existing(reference);
    const next = copyJson(mergePatch(entry.object, patch)) as KubeObject;
    return copyJson(update(this.#cluster, kind, entry, next, { manager, ...options })) as T;
  }

  /** Deletes the object; the same as over the wire, finalizers keep it. Deleting what is not there is fine. */
  delete(reference: Reference, options: DeleteOptions = {}): void {
    const { kind, entry } = this.#find(reference);
    if (entry) remove(this.#cluster, kind, entry, options);
  }

  #kind({ apiVersion, kind: name }: { apiVersion: string; kind: string }): Kind {
    const kind = this.#cluster.kinds.ofObject(apiVersion, name);
    if (!kind)
      throw badRequest(`no kind ${JSON.stringify(name)} is registered for version ${JSON.stringify(apiVersion)}`);
    return kind;
  }

  #find(reference: Reference): { kind: Kind; entry: Entry | undefined } {
    const kind = this.#kind(reference);
    const namespace = kind.namespaced ? (reference.namespace ?? "default") : "";
    return { kind, entry: entryIn(kind, this.#cluster.store.get(kind.collection, keyOf(namespace, reference.name))) };
  }

  #existing(reference: Reference): { kind: Kind; entry: Entry } {
    const { kind, entry } = this.#find(reference);
    if (!entry) throw notFound(kind, reference.name);
    return { kind, entry };
  }
}

function namespaceOf(kind: Kind, { metadata }: ObjectInput): string {
  return kind.namespaced ? (metadata.namespace ?? "default") : "";
}
