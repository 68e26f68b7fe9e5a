import { concurrently } from "../concurrently.ts";
import type { Resource } from "../resources/resource.ts";
import type { KubeObject } from "../resources/types.ts";
import type { CallOptions, Client } from "../transport/client.ts";
import { KubeError } from "../transport/kube-error.ts";
import { kindWeight } from "./kind-order.ts";
import { memberLabel } from "./membership.ts";

/** An object of the set that is no longer wanted. */
export interface Leftover {
  resource: Resource<KubeObject>;
  object: KubeObject;
}

export interface SearchedPlace {
  resource: Resource<KubeObject>;
  namespace: string | undefined;
}

const pageSize = 500;
const atOnce = 4;

/** The members in some places that are none of the objects with these uids; last ones first. */
export async function findLeftovers(
  client: Client,
  id: string,
  places: readonly SearchedPlace[],
  wanted: ReadonlySet<string>,
  { withLeaving = false, ...options }: CallOptions & { withLeaving?: boolean },
): Promise<Leftover[]> {
  const leftovers: Leftover[] = [];
  await concurrently(places, atOnce, async ({ resource, namespace }) => {
    for await (const object of members(client, resource, namespace, id, options)) {
      const { uid = "", deletionTimestamp } = object.metadata;
      if (!wanted.has(uid) && (withLeaving || deletionTimestamp === undefined)) leftovers.push({ resource, object });
    }
  });
  return leftovers.sort((a, b) => kindWeight(b.resource.kind) - kindWeight(a.resource.kind));
}

async function* members(
  client: Client,
  resource: Resource<KubeObject>,
  namespace: string | undefined,
  id: string,
  options: CallOptions,
): AsyncGenerator<KubeObject> {
  const how = { ...options, namespace, labelSelector: `${memberLabel}=${id}`, limit: pageSize, metadataOnly: true };
  let token: string | undefined;
  do {
    try {
      const { items, metadata } = await client.list(resource, { ...how, continue: token });
      yield* items;
      token = metadata.continue || undefined;
    } catch (error) {
      // A kind that is not served has no objects.
      if (error instanceof KubeError && error.isNotFound) return;
      throw error;
    }
  } while (token !== undefined);
}

/** Deletes exactly this object, not one that took its name. Returns whether it did. */
export async function removeExactly(client: Client, { resource, object }: Leftover, options: CallOptions) {
  const { name, namespace, uid } = object.metadata;
  if (uid === undefined) throw new TypeError(`${resource.plural} ${name} has no uid`);
  try {
    const how = { ...options, preconditions: { uid }, propagationPolicy: "Background" as const };
    await client.delete(resource, { name, namespace }, how);
    return true;
  } catch (error) {
    if (error instanceof KubeError && (error.isNotFound || error.isConflict)) return false;
    throw error;
  }
}
