import {
  type Client,
  type FollowedKinds,
  find,
  hasFinalizer,
  type KubeObject,
  removeFinalizer,
} from "@application-connector/kube";
import { finalizer } from "../names.ts";
import type { Prepared } from "./prepare.ts";

/** An object that is to be applied, beside what there is of it. */
export interface Seen extends Prepared {
  /** Undefined when there is none, or when it does not matter what it looks like. */
  readonly live: KubeObject | undefined;
}

/** What there is of these must be known before they are applied, also while it lacks the label of the caches. */
const looked = new Set(["CustomResourceDefinition", "Deployment", "Gateway", "Service", "VirtualService"]);

/** Finds what there is of each object: in the caches, and on the server what upstream left without our label. */
export async function look(
  client: Client,
  caches: FollowedKinds,
  prepared: readonly Prepared[],
  signal: AbortSignal,
): Promise<Seen[]> {
  return Promise.all(
    prepared.map(async ({ resource, object }) => {
      const { name, namespace } = object.metadata;
      const cached = caches.get(resource, { name, namespace });
      const needsLook = cached === undefined && looked.has(resource.kind);
      const live = needsLook ? await find(client, resource, { name, namespace }, { signal }) : cached;
      return { resource, object, live: await released(client, resource, live, signal) };
    }),
  );
}

/** Without our finalizer, which upstream puts on routes: nobody would ever take it away when they are deleted. */
async function released(
  client: Client,
  resource: Prepared["resource"],
  live: KubeObject | undefined,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  if (live === undefined || !hasFinalizer(live, finalizer)) return live;
  const freed = await removeFinalizer(client, resource, live, finalizer, { signal });
  // An object that was only waiting for it is gone by now.
  return freed?.metadata.deletionTimestamp !== undefined && !freed.metadata.finalizers?.length ? undefined : freed;
}
