import type { Applied, Applier, ApplyToOptions } from "../apply/applier.ts";
import { concurrently } from "../concurrently.ts";
import { keyOfObject } from "../informer/store.ts";
import { configMaps, customResourceDefinitionsResource } from "../resources/builtin.ts";
import type { Resource } from "../resources/resource.ts";
import type { ConfigMap, CustomResourceDefinitionObject, KubeObject } from "../resources/types.ts";
import type { CallOptions } from "../transport/client.ts";
import { find } from "../transport/find.ts";
import { waitUntilEstablished } from "./established.ts";
import { kindWeight } from "./kind-order.ts";
import {
  applySetId,
  asMember,
  groupKindOf,
  type ParentRef,
  parentObject,
  type Reach,
  readReach,
  union,
} from "./membership.ts";
import { findLeftovers, type Leftover, removeExactly, type SearchedPlace } from "./prune.ts";

export interface ApplySetOptions {
  applier: Applier;
  /** The ConfigMap that stands for the set; made when it is not there. */
  parent: ParentRef;
  /** Whose set it is: `application-connector-manager/1.4.0`. Sets of other tools are left alone. */
  tooling: string;
  /** Kinds that members had in other versions of the set, so that they can be found. */
  formerKinds?: readonly Resource<KubeObject>[] | (() => readonly Resource<KubeObject>[]) | undefined;
  /** Whether a kind may have members in a namespace; others are not looked for there, which would need a right to. */
  mayHaveMembers?: ((resource: Resource<KubeObject>, namespace: string | undefined) => boolean) | undefined;
  /** Kinds whose objects are never pruned: they stay when the set no longer names them (none). */
  keepKinds?: readonly Resource<unknown>[] | undefined;
  /** How many objects of a kind are applied at once (4). */
  atOnce?: number | undefined;
}

/** An object of the set, and how it is applied. */
export interface SetMember<T extends KubeObject = KubeObject>
  extends Pick<ApplyToOptions<T>, "live" | "force" | "onConflict"> {
  resource: Resource<T>;
  object: T;
  /** It stays as it is this time, but it belongs to the set. Needs `live`. */
  held?: boolean | undefined;
}

export interface SetResult {
  applied: readonly (Applied<KubeObject> & { resource: Resource<KubeObject> })[];
  /** Whatever went wrong; with anything in it, nothing was pruned. */
  failed: readonly { what: string; error: unknown }[];
  pruned: readonly Leftover[];
}

export interface ApplyOptions extends Pick<CallOptions, "signal"> {
  /** Deletes members that are not among the objects any more. */
  prune?: boolean | undefined;
  /** Applies an empty set, which prunes everything. Otherwise that is taken for a mistake. */
  allowEmpty?: boolean | undefined;
  /** The order in which objects are applied; by kind when left out. */
  weight?: ((member: SetMember) => number) | undefined;
}

/** Objects that are applied together, and of which those go that are no longer among them (KEP-3659). */
export interface ApplySet {
  /** The label value of its members. */
  readonly id: string;
  /** @throws {Error} when the parent cannot be read or written; what goes wrong with members is in the result */
  apply(members: readonly SetMember[], options?: ApplyOptions): Promise<SetResult>;
  /** Somebody removed the parent: what was remembered of it is not so any more. */
  forget(): void;
  /** Everything in the cluster that belongs to the set, metadata only, what was applied last first. */
  members(options?: Pick<CallOptions, "signal">): Promise<readonly Leftover[]>;
}

export function createApplySet(options: ApplySetOptions): ApplySet {
  const { applier, parent, tooling, atOnce = 4, mayHaveMembers = () => true, keepKinds = [] } = options;
  const kept = new Set(keepKinds.map(groupKindOf));
  const formerKinds = (): readonly Resource<KubeObject>[] =>
    typeof options.formerKinds === "function" ? options.formerKinds() : (options.formerKinds ?? []);
  const { client } = applier;
  const id = applySetId(parent);
  const placesOf = (kinds: readonly Resource<KubeObject>[], namespaces: readonly string[]): SearchedPlace[] =>
    kinds
      .flatMap((resource) =>
        (resource.namespaced ? namespaces : [undefined]).map((namespace) => ({ resource, namespace })),
      )
      .filter(({ resource, namespace }) => mayHaveMembers(resource, namespace));
  let known: ConfigMap | undefined;
  /** The members that were there when nothing else was; looking again would find the same. */
  let pruned: string | undefined;

  const writeParent = async (reach: Reach, signal?: AbortSignal): Promise<void> => {
    const { object } = await applier.apply(configMaps, parentObject(parent, tooling, reach), {
      live: known,
      force: true,
      signal,
    });
    known = object;
  };

  return {
    id,
    async apply(members, { prune = false, allowEmpty = false, weight = byKind, signal } = {}) {
      if (members.length === 0 && !allowEmpty) throw new TypeError("an empty set would prune everything");
      const signature = signatureOf(members);
      // Somebody may have removed it; as long as nothing is to be done that costs no call.
      if (known === undefined || pruned !== signature) known = await find(client, configMaps, parent, { signal });
      const recorded = readReach(known, tooling);
      const wanted = reachOf(members);
      // Before anything is applied: whoever dies half-way must be able to find it again.
      await writeParent(union(recorded, wanted), signal);

      const result = { applied: [] as SetResult["applied"][number][], failed: [] as SetResult["failed"][number][] };
      const free = members.filter(({ held }) => held !== true);
      for (const stage of stagesOf(free, weight)) {
        await concurrently(stage, atOnce, async (member) => {
          try {
            result.applied.push(await applyMember(applier, member, id, signal));
          } catch (error) {
            signal?.throwIfAborted();
            result.failed.push({ what: nameOf(member), error });
          }
        });
      }
      if (!prune || result.failed.length > 0 || pruned === signature) return { ...result, pruned: [] };

      const leftovers: Leftover[] = [];
      try {
        const kinds = kindsFor(union(recorded, wanted), [...members.map(({ resource }) => resource), ...formerKinds()]);
        const namespaces = [...new Set([parent.namespace, ...recorded.namespaces, ...wanted.namespaces])];
        const uids = new Set([
          ...result.applied.map(({ object }) => object.metadata.uid ?? ""),
          ...members.flatMap(({ held, live }) => (held ? [live?.metadata.uid ?? ""] : [])),
        ]);
        const prunable = kinds.filter((resource) => !kept.has(groupKindOf(resource)));
        for (const leftover of await findLeftovers(client, id, placesOf(prunable, namespaces), uids, { signal })) {
          if (await removeExactly(client, leftover, { signal })) leftovers.push(leftover);
        }
        await writeParent(wanted, signal);
        pruned = signature;
      } catch (error) {
        signal?.throwIfAborted();
        result.failed.push({ what: "prune", error });
      }
      return { ...result, pruned: leftovers };
    },
    forget() {
      known = undefined;
      pruned = undefined;
    },
    async members({ signal } = {}) {
      const recorded = readReach(await find(client, configMaps, parent, { signal }), tooling);
      const known = formerKinds();
      const kinds = kindsFor(
        union(recorded, { groupKinds: new Set(known.map(groupKindOf)), namespaces: new Set() }),
        known,
      );
      const namespaces = [...new Set([parent.namespace, ...recorded.namespaces])];
      return findLeftovers(client, id, placesOf(kinds, namespaces), new Set(), { signal, withLeaving: true });
    },
  };
}

async function applyMember(applier: Applier, member: SetMember, id: string, signal: AbortSignal | undefined) {
  const { resource, object, live, force, onConflict } = member;
  const applied = await applier.apply(resource, asMember(object, id), { live, force, onConflict, signal });
  if (groupKindOf(resource) !== groupKindOf(customResourceDefinitionsResource)) return { ...applied, resource };
  const definition = applied.object as CustomResourceDefinitionObject;
  return { ...applied, object: await waitUntilEstablished(applier.client, definition, signal), resource };
}

const byKind = ({ resource }: SetMember): number => kindWeight(resource.kind);

/** Members of one weight are applied together, in the order in which they came. */
function stagesOf(members: readonly SetMember[], weight: (member: SetMember) => number): SetMember[][] {
  const stages = Map.groupBy(members, weight);
  return [...stages].sort(([a], [b]) => a - b).map(([, stage]) => stage);
}

const reachOf = (members: readonly SetMember[]): Reach => ({
  groupKinds: new Set(members.map(({ resource }) => groupKindOf(resource))),
  namespaces: new Set(members.flatMap(({ object }) => object.metadata.namespace ?? [])),
});

/** Where to look for leftovers. A kind we cannot name cannot be searched: that is an error, not an empty list. */
function kindsFor({ groupKinds }: Reach, known: readonly Resource<KubeObject>[]): Resource<KubeObject>[] {
  const byName = new Map(known.map((resource) => [groupKindOf(resource), resource]));
  return [...groupKinds].map((name) => {
    const resource = byName.get(name);
    if (!resource) throw new Error(`the set had members of the unknown kind ${name}: add it to formerKinds`);
    return resource;
  });
}

function signatureOf(members: readonly SetMember[]): string {
  const names = members.map(nameOf).sort();
  const twice = names.find((name, index) => name === names[index + 1]);
  if (twice !== undefined) throw new TypeError(`${twice} is in the set twice`);
  return names.join("\n");
}

const nameOf = ({ resource, object }: SetMember): string => `${groupKindOf(resource)} ${keyOfObject(object)}`;
