import type { Resource } from "../resources/resource.ts";
import type { Client, ListOptions } from "../transport/client.ts";
import { KubeError } from "../transport/kube-error.ts";

/**
 * Whether a server that answers again may be one that was restored from a backup, and know less than what was seen: it
 * was away, or has had nothing to say for longer than bookmarks take.
 *
 * @param wasOpen the watch that came to its end had begun
 */
export const mayHaveBeenRestored = (error: unknown, wasOpen: boolean): boolean =>
  error instanceof KubeError && (error.reason === "Silent" || (!wasOpen && error.reason === "Unreachable"));

/**
 * A restored server takes a watch from a version that it does not have yet, and is silent until it gets there. Asked for a
 * list that is not older than that version, it says so.
 *
 * @throws {KubeError} "too large resource version", or whatever keeps the question from being answered
 */
export async function confirmVersion(
  client: Client,
  resource: Resource<unknown>,
  what: Pick<ListOptions, "namespace" | "labelSelector" | "fieldSelector" | "resourceVersion">,
  signal: AbortSignal,
): Promise<void> {
  const match = { resourceVersionMatch: "NotOlderThan", limit: 1, metadataOnly: true } as const;
  try {
    await client.list(resource, { ...what, ...match, maxTries: 1, signal });
  } catch (error) {
    // Who may only watch cannot ask.
    if (!(error instanceof KubeError && error.isForbidden)) throw error;
  }
}
