import type { Applied, Applier } from "../apply/applier.ts";
import { identityOf } from "../resources/identity.ts";
import type { Resource } from "../resources/resource.ts";
import type { Condition, KubeObject } from "../resources/types.ts";
import type { CallOptions } from "../transport/client.ts";
import { KubeError } from "../transport/kube-error.ts";
import { type StatedCondition, setConditions } from "./conditions.ts";

/** A status as a controller states it. */
export interface StatedStatus {
  conditions?: readonly StatedCondition[] | undefined;
  [field: string]: unknown;
}

interface WithStatus extends KubeObject {
  status?: { conditions?: readonly Condition[] };
}

export interface ApplyStatusOptions extends Pick<CallOptions, "signal" | "timeoutMs"> {
  now?: Date | undefined;
  /** `status` unless the kind has no such subresource, like those whose status is part of the object. */
  subresource?: "status" | undefined | null;
}

const mostTries = 5;

/**
 * Applies the whole status its manager answers for: fields and conditions that are left out go, others' stay. Conditions
 * keep the time since when they hold. Takes over fields that others wrote: a status has one author. Nothing is written
 * when it says nothing new.
 *
 * @param live the object as a cache has it, or as it was read; says which object, and what its status was
 * @throws {KubeError} a conflict when the object is another one by now: a status never reaches a namesake
 */
export async function applyStatus<T extends KubeObject>(
  applier: Applier,
  resource: Resource<T>,
  live: T,
  status: StatedStatus,
  options: ApplyStatusOptions = {},
): Promise<Applied<T>> {
  const { subresource = "status", now = new Date(), ...rest } = options;
  let current = live;
  for (let tries = 1; ; tries++) {
    const desired = { metadata: preconditionOf(current), status: withTimes(current, status, now) } as unknown as T;
    try {
      const how = { ...rest, live: current, force: true, subresource: subresource ?? undefined };
      return await applier.apply(resource, desired, how);
    } catch (error) {
      if (!(error instanceof KubeError && error.isConflict) || tries === mostTries) throw error;
      current = await sameObject(applier, resource, live, error, rest);
    }
  }
}

/** The object as it is now; throws the conflict when it is a namesake. */
async function sameObject<T extends KubeObject>(
  { client }: Applier,
  resource: Resource<T>,
  { metadata: { name, namespace, uid } }: T,
  conflict: KubeError,
  options: CallOptions,
): Promise<T> {
  const current = await client.get(resource, { name, namespace }, options);
  if (current.metadata.uid !== uid) throw conflict;
  return current;
}

/** With the version: in a patch of a custom resource's status the server ignores the uid. */
function preconditionOf(object: KubeObject): KubeObject["metadata"] {
  const { uid, resourceVersion } = object.metadata;
  return {
    ...identityOf(object),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}

function withTimes(live: KubeObject, { conditions, ...status }: StatedStatus, now: Date): object {
  if (conditions === undefined) return status;
  const known = (live as WithStatus).status?.conditions ?? [];
  const types = new Set(conditions.map(({ type }) => type));
  const complete = setConditions(
    known.filter(({ type }) => types.has(type)),
    conditions,
    now,
  );
  return { ...status, conditions: complete };
}
