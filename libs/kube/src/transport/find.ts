import type { Resource } from "../resources/resource.ts";
import type { CallOptions, Client, Ref } from "./client.ts";
import { KubeError } from "./kube-error.ts";

/** The object, or undefined when there is none, or no such kind. */
export async function find<T>(
  client: Client,
  resource: Resource<T>,
  ref: Ref,
  options?: CallOptions,
): Promise<T | undefined> {
  try {
    return await client.get(resource, ref, options);
  } catch (error) {
    if (error instanceof KubeError && error.isNotFound) return undefined;
    throw error;
  }
}
