import type { Registry } from "prom-client";
import { keyOf } from "../informer/object.ts";
import { apiVersionOf } from "../resources/api-version.ts";
import type { Resource } from "../resources/resource.ts";
import type { KubeObject } from "../resources/types.ts";
import type { CallOptions, Client } from "../transport/client.ts";
import { type ApplyResult, createWriterMetrics, noWriterMetrics } from "../writer-metrics.ts";
import { createAppliedMemory } from "./applied-memory.ts";
import { type AppliedStateOptions, appliedState } from "./applied-state.ts";
import { CorrectionPostponedError, createCorrectionBudget } from "./correction-budget.ts";
import { type FieldConflict, fieldConflicts } from "./field-conflicts.ts";

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

/**
 * Makes objects what they should be, and writes nothing when they already are. What somebody else keeps changing is put
 * right five times a second, then after growing pauses: until then `apply` throws a {@link CorrectionPostponedError}.
 */
export interface Applier {
  readonly fieldManager: string;
  readonly client: Client;
  apply<T extends KubeObject>(resource: Resource<T>, desired: T, options?: ApplyToOptions<T>): Promise<Applied<T>>;
}

const rememberedObjects = 20_000;

/**
 * Server-side apply with no-op suppression. An object from a cache that keeps our managedFields (`keepManagedFieldsOf` of
 * an informer) is compared precisely, also after a restart. Otherwise, and where the server writes values in its own way
 * (`1000m` as `1`) or fills in what was left out, the applier compares with what came back from the last apply.
 */
export function createApplier(client: Client, options: ApplierOptions): Applier {
  const { fieldManager, remembered = rememberedObjects } = options;
  const metrics = options.metrics ? createWriterMetrics(options.metrics) : noWriterMetrics;
  const memory = createAppliedMemory(remembered);
  const budget = createCorrectionBudget(client.clock);

  /** Whether no call is needed; throws when there must be none yet. */
  const isSettled = (key: string, live: KubeObject, desired: KubeObject, options: AppliedStateOptions): boolean => {
    const state = appliedState(live, desired, options);
    if (state === "same") return true;
    const past = memory.compare(key, live, desired);
    // What the server takes out, or owns in its own way, looks different for ever, and would be written for ever.
    if (past === "untouched") return true;
    if (past === "kept" && state !== "fields differ") return true;
    // Somebody else changed what we applied as it is wanted: putting that right must not become a fight.
    const waitMs = past === undefined ? 0 : budget.take(key);
    if (waitMs > 0) throw new CorrectionPostponedError(key, waitMs);
    return false;
  };

  return {
    fieldManager,
    client,
    async apply<T extends KubeObject>(resource: Resource<T>, desired: T, options: ApplyToOptions<T> = {}) {
      const { live, force, onConflict, subresource, signal, timeoutMs } = options;
      const { name, namespace } = desired.metadata;
      const what = [resource.plural, resource.group, subresource].filter((part) => part).join(".");
      const key = `${what} ${keyOf(name, namespace)}`;
      const { apiVersion = apiVersionOf(resource) } = desired;
      try {
        if (live !== undefined && isSettled(key, live, desired, { fieldManager, subresource, apiVersion })) {
          metrics.applied(resource.kind, "suppressed");
          return { object: live, changed: false };
        }
      } catch (error) {
        metrics.applied(resource.kind, "postponed");
        throw error;
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
        memory.remember(key, object, desired);
        const result = resultOf(live, object);
        metrics.applied(resource.kind, result);
        return { object, changed: result !== "unchanged" };
      } catch (error) {
        memory.forget(key);
        if (fieldConflicts(error).length === 0) metrics.applied(resource.kind, "failed");
        throw error;
      }
    },
  };
}

function resultOf(live: KubeObject | undefined, object: KubeObject): ApplyResult {
  return live?.metadata.resourceVersion === object.metadata.resourceVersion ? "unchanged" : "written";
}
