import type { Resource } from "../resources/resource.ts";
import type { KubeObject } from "../resources/types.ts";
import type { Informer, InformerOptions } from "./informer.ts";
import type { Informers } from "./informers.ts";
import { keyOf } from "./object.ts";

/** Objects of a kind, in a namespace or wherever they are. */
export interface Place {
  resource: Resource<KubeObject>;
  namespace?: string | undefined;
}

export interface FollowOptions
  extends Pick<
    InformerOptions<KubeObject>,
    "labelSelector" | "fieldSelector" | "metadataOnly" | "keepManagedFieldsOf"
  > {
  /** Hears of every object there is, and of every change; `known` is false for what was there at first. */
  onChange: (object: KubeObject, resource: Resource<KubeObject>, known: boolean) => void;
}

/** Caches of kinds that are only known while the program runs: those that objects to apply happen to have. */
export interface FollowedKinds {
  /** Follows exactly these places from now on: what is new is started, what is not named any more ends. */
  follow(places: readonly Place[]): void;
  get(resource: Resource<KubeObject>, ref: { name: string; namespace?: string | undefined }): KubeObject | undefined;
  /** Every place has been listed. Rejects when the signal aborts. */
  waitForSync(signal: AbortSignal): Promise<void>;
  /** Why something was not listed yet, or is not followed at the moment, for people. */
  readonly problem: string | undefined;
  /** Waits (up to a second) until the caches have seen a write. */
  expect(resource: Resource<KubeObject>, object: KubeObject): Promise<boolean>;
  stop(): Promise<void>;
}

export function followKinds(informers: Informers, { onChange, ...selection }: FollowOptions): FollowedKinds {
  const followed = new Map<string, { place: Place; informer: Informer<KubeObject>; end: () => void }>();
  const endings = new Set<Promise<void>>();

  const start = (place: Place): void => {
    const { resource, namespace } = place;
    const informer = informers.informer(resource, { ...selection, namespace });
    const tell = (object: KubeObject): void => onChange(object, resource, informer.hasSynced);
    const end = informer.subscribe({ add: tell, update: (_old, now) => tell(now), delete: tell });
    followed.set(placeKey(place), { place, informer, end });
  };
  const finish = (key: string): void => {
    const found = followed.get(key);
    if (found === undefined) return;
    followed.delete(key);
    found.end();
    const ending = found.informer.stop().finally(() => endings.delete(ending));
    endings.add(ending);
  };
  const informerOf = (resource: Resource<KubeObject>, namespace: string | undefined) =>
    (followed.get(placeKey({ resource, namespace })) ?? followed.get(placeKey({ resource })))?.informer;

  return {
    follow(places) {
      const wanted = new Map(places.map((place) => [placeKey(place), place]));
      for (const key of followed.keys()) if (!wanted.has(key)) finish(key);
      for (const [key, place] of wanted) if (!followed.has(key)) start(place);
    },
    get: (resource, { name, namespace }) => informerOf(resource, namespace)?.get(name, namespace),
    async waitForSync(signal) {
      await Promise.all([...followed.values()].map(({ informer }) => informer.waitForSync(signal)));
    },
    get problem() {
      const problems = [...followed.values()].flatMap(({ place: { resource }, informer }) =>
        informer.hasSynced && informer.state !== "Degraded"
          ? []
          : [`${resource.plural}: ${informer.detail ?? "no answer yet"}`],
      );
      return problems.length === 0 ? undefined : [...new Set(problems)].join("; ");
    },
    async expect(resource, { metadata: { name, namespace, resourceVersion = "" } }) {
      const informer = informerOf(resource, namespace);
      if (informer === undefined) return false;
      return informer.expect({ name, ...(namespace === undefined ? {} : { namespace }) }, resourceVersion);
    },
    async stop() {
      for (const key of [...followed.keys()]) finish(key);
      await Promise.all(endings);
    },
  };
}

const placeKey = ({ resource: { group, version, plural }, namespace }: Place): string =>
  keyOf(`${plural}.${version}.${group}`, namespace);
