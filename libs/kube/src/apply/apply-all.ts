import { concurrently } from "../concurrently.ts";
import { keyOfObject } from "../informer/store.ts";
import type { Resource } from "../resources/resource.ts";
import type { KubeObject } from "../resources/types.ts";
import type { Applied, Applier, ApplyToOptions } from "./applier.ts";

export interface ApplyAllOptions<T> extends Pick<ApplyToOptions<T>, "signal" | "force" | "onConflict"> {
  /** The object as a cache has it. Without it every object costs a call. */
  live?: ((object: T) => T | undefined) | undefined;
  /** How many calls are under way at once (16). The client's own limit holds as well. */
  atOnce?: number | undefined;
  /** Hears of each object that was applied. */
  onApplied?: ((applied: Applied<T>) => void) | undefined;
  /** Hears of each object that could not be. */
  onFailed?: ((object: T, error: unknown) => void) | undefined;
}

export interface AllApplied {
  written: number;
  /** Were so already. */
  unchanged: number;
  failed: number;
  /** The first few, for a log or a condition. */
  failures: readonly { key: string; error: unknown }[];
}

const defaultAtOnce = 16;
const toldFailures = 5;

/**
 * Applies objects as they come, from a generator for instance: no more of them are in memory than calls are under way.
 * One that fails stops no other; only the end of the signal stops all.
 */
export async function applyAll<T extends KubeObject>(
  applier: Applier,
  resource: Resource<T>,
  objects: Iterable<T> | AsyncIterable<T>,
  options: ApplyAllOptions<T> = {},
): Promise<AllApplied> {
  const { live, atOnce = defaultAtOnce, onApplied, onFailed, ...how } = options;
  const failures: { key: string; error: unknown }[] = [];
  const result = { written: 0, unchanged: 0, failed: 0, failures };
  await concurrently(objects, atOnce, async (object) => {
    how.signal?.throwIfAborted();
    try {
      const applied = await applier.apply(resource, object, { ...how, live: live?.(object) });
      result[applied.changed ? "written" : "unchanged"]++;
      onApplied?.(applied);
    } catch (error) {
      how.signal?.throwIfAborted();
      result.failed++;
      if (failures.length < toldFailures) failures.push({ key: keyOfObject(object), error });
      onFailed?.(object, error);
    }
  });
  return result;
}
