import {
  type Applier,
  type ApplySet,
  CorrectionPostponedError,
  configMaps,
  createApplySet,
  customResourceDefinitionsResource,
  deployments,
  type EventRecorder,
  type FieldConflict,
  type FollowedKinds,
  type KubeObject,
  type Place,
  type SetMember,
} from "@application-connector/kube";
import { knownKinds } from "../cluster/kinds.ts";
import { applySetParent, fieldManager, moduleNamespace, partOfLabel } from "../names.ts";
import type { ManagerStats } from "../observe/stats.ts";
import { refuseDowngrade } from "./downgrade.ts";
import type { ObjectFailure } from "./errors.ts";
import { look, type Seen } from "./look.ts";
import { removeObsolete, type VersionOf } from "./obsolete.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { releaseStaleEntries } from "./release-stale-entries.ts";
import { createRolloutOrder } from "./rollout-order.ts";
import { createServed } from "./served.ts";

export interface InstallParts {
  readonly applier: Applier;
  readonly caches: FollowedKinds;
  readonly events: EventRecorder;
  readonly stats: ManagerStats;
  readonly versionOf: VersionOf;
  readonly version: string;
}

export interface Installed {
  /** Every object that is there, as it is now. */
  readonly objects: readonly KubeObject[];
  readonly failures: readonly ObjectFailure[];
  /** For what the rest of an upgrade waits. */
  readonly waitsFor: string | undefined;
}

export interface Installer {
  readonly set: ApplySet;
  /**
   * Makes the cluster have these objects, and no other ones of ours. What fails stops nothing else.
   *
   * @param about the object that Events are told of
   */
  install(objects: readonly KubeObject[], about: KubeObject, signal: AbortSignal): Promise<Installed>;
}

/** What the status speaks of, whatever happens. */
export const alwaysFollowed: readonly Place[] = [{ resource: deployments, namespace: moduleNamespace }];

const listedWithinMs = 8_000;

export function createInstaller({ applier, caches, events, stats, versionOf, version }: InstallParts): Installer {
  const { client } = applier;
  const set = createApplySet({
    applier,
    parent: { ...applySetParent, labels: { [partOfLabel.name]: partOfLabel.value } },
    tooling: `${fieldManager}/${version}`,
    formerKinds: () => knownKinds(versionOf),
    // With a definition go all its objects, which users wrote: that is decided by their policy, not by a change of release.
    keepKinds: [customResourceDefinitionsResource],
    // Rights in other namespaces are all that is ever installed there.
    mayHaveMembers: ({ group }, namespace) =>
      namespace === undefined || namespace === moduleNamespace || group === "rbac.authorization.k8s.io",
  });
  const rollout = createRolloutOrder();
  const served = createServed(client);
  /** The names for which upstream's leftovers were looked for already. */
  let cleanedFor: string | undefined;

  return {
    set,
    async install(objects, about, signal) {
      const prepared = await served(prepare(objects, version), signal);
      caches.follow([
        ...alwaysFollowed,
        ...prepared.map(({ resource, object }) => ({ resource, namespace: object.metadata.namespace })),
      ]);
      await listed(caches, signal);
      // Without it a removal would not know in which namespaces to look.
      if (caches.get(configMaps, applySetParent) === undefined) set.forget();
      const seen = await look(client, caches, prepared, signal);
      for (const { resource, object, live } of seen) {
        if (resource.kind === "CustomResourceDefinition" && live) refuseDowngrade(live, object, version);
      }
      const order = rollout.order(seen);
      const free = await releaseStaleEntries(client, seen, signal);
      const members = free.map((one) => memberOf(one, order.held, tellConflicts(events, about, one)));
      const { applied, failed } = await set.apply(members, { prune: true, signal });
      const failures: ObjectFailure[] = [...failed];
      tellPostponed(events, about, failures);
      for (const { resource, object, changed } of applied) {
        stats.applied(object, changed, objects);
        const wanted = prepared.find(
          (one) => isWorkload(one.object) && isWorkload(object) && sameName(one.object, object),
        );
        if (wanted !== undefined) rollout.applied(wanted.object, object);
        if (changed) await caches.expect(resource, object);
      }
      const names = signatureOf(prepared);
      if (failures.length === 0 && cleanedFor !== names) {
        await removeObsolete(client, objects, versionOf, signal);
        cleanedFor = names;
      }
      const held = free.flatMap(({ live, object }) =>
        live && order.held.includes(object.metadata.name) ? [live] : [],
      );
      return { objects: [...applied.map(({ object }) => object), ...held], failures, waitsFor: order.waitsFor };
    },
  };
}

/** Fails when the caches say why they are not filled. */
async function listed(caches: FollowedKinds, signal: AbortSignal): Promise<void> {
  const patience = AbortSignal.timeout(listedWithinMs);
  try {
    await caches.waitForSync(AbortSignal.any([signal, patience]));
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`objects cannot be watched: ${caches.problem ?? (error as Error).message}`, { cause: error });
  }
}

function memberOf(seen: Seen, held: readonly string[], onConflict: NonNullable<SetMember["onConflict"]>): SetMember {
  const { resource, object, live } = seen;
  const isHeld = resource.kind === "Deployment" && held.includes(object.metadata.name);
  return { resource, object, live, onConflict, held: isHeld };
}

/** Fields that others took are taken back, and whoever looks at the object hears of it. */
const tellConflicts =
  (events: EventRecorder, about: KubeObject, { resource, object }: Prepared) =>
  (conflicts: readonly FieldConflict[]): boolean => {
    const fields = conflicts.map(({ manager, field }) => `${field} of ${manager}`).join(", ");
    const message = `${resource.kind} ${object.metadata.name}: took over ${fields}`;
    events.event(about, { type: "Warning", reason: "FieldConflict", message });
    return true;
  };

/** What somebody else keeps changing waits before it is put right again. */
function tellPostponed(events: EventRecorder, about: KubeObject, failures: readonly ObjectFailure[]): void {
  for (const { what, error } of failures) {
    if (!(error instanceof CorrectionPostponedError)) continue;
    const message = `${what} keeps being changed by somebody else: it is put right less and less often`;
    events.event(about, { type: "Warning", reason: "CorrectionPostponed", message });
  }
}

const signatureOf = (prepared: readonly Prepared[]): string =>
  prepared
    .map(({ resource, object }) => `${resource.kind}/${object.metadata.namespace}/${object.metadata.name}`)
    .join();

const isWorkload = ({ kind }: KubeObject): boolean => kind === "Deployment";
const sameName = ({ metadata: a }: KubeObject, { metadata: b }: KubeObject): boolean => a.name === b.name;
