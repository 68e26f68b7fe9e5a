import type { KubeObject } from "@application-connector/kube";
import { Distribution, durationBounds } from "@application-connector/service";
import { isObjectReady } from "../install/readiness.ts";

/** What the manager counts, as plain fields. */
export class ManagerStats {
  readonly reconciles = { success: 0, error: 0 };
  readonly seconds = new Distribution(durationBounds);
  isLeader = false;
  /** How many objects the last look at all of them found in place. */
  appliedObjects = 0;
  readonly corrections = new Map<string, number>();
  /** Of what can be ready. */
  ready: readonly { kind: string; name: string; isReady: boolean }[] = [];
  readonly #wanted = new Map<string, string>();

  /** All objects that are there after a look. */
  saw(objects: readonly KubeObject[]): void {
    this.appliedObjects = objects.length;
    this.ready = objects.flatMap((object) => {
      const isReady = isObjectReady(object);
      return isReady === undefined ? [] : [{ kind: object.kind ?? "", name: object.metadata.name, isReady }];
    });
  }

  /** An object was written, or found as it should be. Written although it is wanted as before: somebody changed it. */
  applied(object: KubeObject, changed: boolean, wanted: readonly KubeObject[]): void {
    const { kind = "", metadata } = object;
    const key = `${kind}/${metadata.namespace ?? ""}/${metadata.name}`;
    const now = JSON.stringify(wanted.find((other) => other.kind === kind && isNamesake(other, object)));
    if (changed && this.#wanted.get(key) === now) this.corrections.set(kind, (this.corrections.get(kind) ?? 0) + 1);
    this.#wanted.set(key, now);
  }
}

const isNamesake = ({ metadata: a }: KubeObject, { metadata: b }: KubeObject): boolean =>
  a.name === b.name && a.namespace === b.namespace;
