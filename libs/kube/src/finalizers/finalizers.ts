import { sleep } from "../clock.ts";
import type { Resource } from "../resources/resource.ts";
import type { KubeObject } from "../resources/types.ts";
import type { CallOptions, Client } from "../transport/client.ts";
import { find } from "../transport/find.ts";
import { KubeError } from "../transport/kube-error.ts";
import { addingPatch, removingPatch } from "./finalizer-patch.ts";

const mostTries = 20;
const firstPauseMs = 10;

export const hasFinalizer = ({ metadata }: KubeObject, finalizer: string): boolean =>
  metadata.finalizers?.includes(finalizer) ?? false;

/**
 * Holds the object back from being deleted. Nothing is written when it is held already. When its deletion has begun
 * nobody can hold it any more: it is returned as it is.
 *
 * @returns the object as it is now, or undefined when it is gone
 */
export function addFinalizer<T extends KubeObject>(
  client: Client,
  resource: Resource<T>,
  object: T,
  finalizer: string,
  options: CallOptions = {},
): Promise<T | undefined> {
  return settle(client, resource, object, options, ({ metadata }) =>
    metadata.deletionTimestamp === undefined ? addingPatch(metadata, finalizer) : undefined,
  );
}

/**
 * Lets go of the object; others' finalizers stay. Nothing is written when it is not held.
 *
 * @returns the object as it is now, or undefined when it is gone
 */
export function removeFinalizer<T extends KubeObject>(
  client: Client,
  resource: Resource<T>,
  object: T,
  finalizer: string,
  options: CallOptions = {},
): Promise<T | undefined> {
  return settle(client, resource, object, options, ({ metadata }) => removingPatch(metadata, finalizer));
}

/** Patches until nothing is left to patch; reads the object again when somebody else changed it meanwhile. */
async function settle<T extends KubeObject>(
  client: Client,
  resource: Resource<T>,
  object: T,
  options: CallOptions,
  patchFor: (object: T) => object | undefined,
): Promise<T | undefined> {
  const { name, namespace, uid } = object.metadata;
  const ref = { name, namespace };
  let current = object;
  for (let tries = 1; ; tries++) {
    const patch = patchFor(current);
    if (patch === undefined) return current;
    try {
      return await client.patch(resource, ref, patch, { ...options, contentType: "application/json-patch+json" });
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      if (error.isNotFound) return undefined;
      // A test that fails is told as 422, like everything else that is wrong with a patch.
      if (!(error.isInvalid || error.isConflict) || tries === mostTries) throw error;
      // Before the look, so that what is seen is fresh when it is patched.
      await sleep(client.clock, firstPauseMs * tries * Math.random(), options.signal);
      const found = await find(client, resource, ref, options);
      if (found?.metadata.uid !== uid) return undefined;
      if (found?.metadata.resourceVersion === current.metadata.resourceVersion) throw error;
      current = found as T;
    }
  }
}
