import { createHash } from "node:crypto";
import type { Registry } from "prom-client";
import { type ApplyResult, createControllerMetrics, noControllerMetrics } from "../controller-metrics.ts";
import { keyOf } from "../informer/object.ts";
import { apiVersionOf } from "../resources/api-version.ts";
import type { Resource } from "../resources/resource.ts";
import type { KubeObject } from "../resources/types.ts";
import type { CallOptions, Client } from "../transport/client.ts";
import { type AppliedStateOptions, appliedState, ownable } from "./applied-state.ts";
import { type FieldConflict, fieldConflicts } from "./field-conflicts.ts";
import { projection } from "./projection.ts";

export interface ApplierOptions {
  fieldManager: string;
  /** How many objects are remembered as they were applied (20 000); what is forgotten may cost a call that changes nothing. */
  remembered?: number | undefined;
  metrics?: Registry | undefined;
}

export interface ApplyToOptions<T> extends Pick<CallOptions, "signal" | "timeoutMs"> {
  /** The object as a cache has it. Without it there is always a call. */
  live?: T | undefined;
  /** Takes over fields that others manage, without asking. */
  force?: boolean | undefined;
  /**
   * Hears of the fields that others manage, when there are any; returning true takes them over. Otherwise the call fails
   * with what the server said, of which {@link fieldConflicts} makes a list.
   */
  onConflict?: ((conflicts: readonly FieldConflict[]) => boolean) | undefined;
  subresource?: string | undefined;
}

export interface Applied<T> {
  /** The object after the call; the one from the cache when there was none. */
  object: T;
  /** Something was written, as far as that can be known: without `live` every call counts. */
  changed: boolean;
}

/** Makes objects what they should be, and writes nothing when they already are. */
export interface Applier {
  readonly fieldManager: string;
  readonly client: Client;
  apply<T extends KubeObject>(resource: Resource<T>, desired: T, options?: ApplyToOptions<T>): Promise<Applied<T>>;
}

interface Memory {
  uid: string | undefined;
  desired: string;
  projected: string;
}

const rememberedObjects = 20_000;

/**
 * Server-side apply with no-op suppression. An object from a cache that keeps our managedFields (`keepManagedFieldsOf` of
 * an informer) is compared precisely, also after a restart. Otherwise, and where the server writes values in its own way
 * (`1000m` as `1`) or fills in what was left out, the applier compares with what came back from the last apply.
 */
export function createApplier(client: Client, options: ApplierOptions): Applier {
  const { fieldManager, remembered = rememberedObjects } = options;
  const metrics = options.metrics ? createControllerMetrics(options.metrics) : noControllerMetrics;
  const memories = new Map<string, Memory>();
  const remember = (key: string, memory: Memory): void => {
    memories.delete(key);
    memories.set(key, memory);
    if (memories.size > remembered) memories.delete(memories.keys().next().value as string);
  };

  const isApplied = (key: string, live: KubeObject, desired: KubeObject, options: AppliedStateOptions): boolean => {
    const state = appliedState(live, desired, options);
    if (state === "same" || state === "fields differ") return state === "same";
    const memory = memories.get(key);
    const wanted = ownable(desired);
    if (!memory || memory.uid !== live.metadata.uid || memory.desired !== hash(wanted)) return false;
    return memory.projected === hash(projection(live, wanted));
  };

  return {
    fieldManager,
    client,
    async apply<T extends KubeObject>(resource: Resource<T>, desired: T, options: ApplyToOptions<T> = {}) {
      const { live, force, onConflict, subresource, signal, timeoutMs } = options;
      const { name, namespace } = desired.metadata;
      const key = `${resource.group}/${resource.plural}/${subresource ?? ""} ${keyOf(name, namespace)}`;
      const { apiVersion = apiVersionOf(resource) } = desired;
      if (live !== undefined && isApplied(key, live, desired, { fieldManager, subresource, apiVersion })) {
        metrics.applied(resource.kind, "suppressed");
        return { object: live, changed: false };
      }
      const call = (force: boolean | undefined): Promise<T> =>
        client.apply(resource, desired, { fieldManager, force, subresource, signal, timeoutMs });
      try {
        const object = await call(force).catch((error: unknown) => {
          const conflicts = fieldConflicts(error);
          if (conflicts.length === 0) throw error;
          metrics.applied(resource.kind, "conflict");
          if (!onConflict?.(conflicts)) throw error;
          return call(true);
        });
        const { uid } = object.metadata;
        const wanted = ownable(desired);
        remember(key, { uid, desired: hash(wanted), projected: hash(projection(object, wanted)) });
        const result = resultOf(live, object);
        metrics.applied(resource.kind, result);
        return { object, changed: result !== "unchanged" };
      } catch (error) {
        memories.delete(key);
        if (fieldConflicts(error).length === 0) metrics.applied(resource.kind, "failed");
        throw error;
      }
    },
  };
}

function resultOf(live: KubeObject | undefined, object: KubeObject): ApplyResult {
  return live?.metadata.resourceVersion === object.metadata.resourceVersion ? "unchanged" : "written";
}

/** Of a Secret as well: a digest of all of it gives away none of it. */
const hash = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("base64");
