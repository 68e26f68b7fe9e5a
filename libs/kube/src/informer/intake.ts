import { apiVersionOf } from "../resources/api-version.ts";
import type { Resource } from "../resources/resource.ts";
import type { KubeObject } from "../resources/types.ts";
import { deepFreeze, identityProblem, metadataOf, strip } from "./object.ts";

export interface IntakeOptions<T> {
  resource: Resource<T>;
  metadataOnly?: boolean | undefined;
  keepManagedFieldsOf?: string | undefined;
  transform?: ((object: T) => T) | undefined;
}

/** What became of an object from the wire. */
export type Intake<T> = { object: T } | { problem: string };

/** Makes a raw object fit for the cache: checked, complete, stripped, projected, frozen. Never throws. */
export function createIntake<T>(options: IntakeOptions<T>) {
  const { resource, metadataOnly, keepManagedFieldsOf, transform } = options;
  const apiVersion = apiVersionOf(resource);
  return (raw: unknown): Intake<T> => {
    const identity = identityProblem(raw);
    if (identity !== undefined) return { problem: identity };
    // Items of a list come without these two.
    const whole = { ...(raw as KubeObject), apiVersion, kind: resource.kind };
    try {
      if (metadataOnly) {
        const object = strip(metadataOf(whole), keepManagedFieldsOf) as T;
        return { object: deepFreeze(transform ? transform(object) : object) };
      }
      const problem = resource.validate?.(whole);
      if (problem !== undefined) return { problem };
      const object = strip(whole, keepManagedFieldsOf) as T;
      return { object: deepFreeze(transform ? transform(object) : object) };
    } catch (error) {
      return { problem: `cannot be read: ${(error as Error).message}` };
    }
  };
}
