import type { Resource } from "../resources/resource.ts";
import type { Client, Selection } from "../transport/client.ts";
import { KubeError } from "../transport/kube-error.ts";
import { endsInitialEvents } from "./initial-events.ts";
import type { Listing } from "./listing.ts";
import { createWatchdog } from "./watchdog.ts";

/**
 * Whether a server that answers again may be one that was restored from a backup, and know less than what was seen: it
 * was away, or has had nothing to say for longer than bookmarks take.
 *
 * @param wasOpen the watch that came to its end had begun
 */
export const mayHaveBeenRestored = (error: unknown, wasOpen: boolean): boolean =>
  error instanceof KubeError && (error.reason === "Silent" || (!wasOpen && error.reason === "Unreachable"));

export interface KnownVersion extends Selection {
  resourceVersion: string | undefined;
  /** How the kind is listed: where that is a stream, the question is one as well. */
  listing: Listing;
}

const answerWithinMs = 15_000;
/** No object has a label and lacks it: nothing is sent but the mark behind everything that would be. */
const nothing = "application-connector/none,!application-connector/none";

/**
 * A restored server takes a watch from a version that it does not have yet, and is silent until it gets there. Asked for
 * what is not older than that version, it says so. Kinds in which nothing happens are asked about every minute and a half
 * where bookmarks are rare, so that the question reads no object.
 *
 * @throws {KubeError} "too large resource version", or whatever keeps the question from being answered
 */
export async function confirmVersion(
  client: Client,
  resource: Resource<unknown>,
  { listing, ...what }: KnownVersion,
  signal: AbortSignal,
): Promise<void> {
  const question = { ...what, resourceVersionMatch: "NotOlderThan", metadataOnly: true } as const;
  try {
    if (listing === "stream") await untilInitialEventsEnd(client, resource, question, signal);
    else await client.list(resource, { ...question, limit: 1, maxTries: 1, signal });
  } catch (error) {
    // Who may only watch cannot ask for a list.
    if (!(error instanceof KubeError && error.isForbidden)) throw error;
  }
}

async function untilInitialEventsEnd(
  client: Client,
  resource: Resource<unknown>,
  question: Selection & { resourceVersion: string | undefined; resourceVersionMatch: "NotOlderThan" },
  stop: AbortSignal,
): Promise<void> {
  const watchdog = createWatchdog(client.clock, stop, answerWithinMs);
  const labelSelector = question.labelSelector ? `${question.labelSelector},${nothing}` : nothing;
  const timeoutSeconds = Math.ceil(answerWithinMs / 1000);
  const { signal } = watchdog;
  try {
    const how = { ...question, labelSelector, sendInitialEvents: true, timeoutSeconds, signal };
    for await (const event of client.watch(resource, how)) if (endsInitialEvents(event)) return;
  } finally {
    watchdog.end();
  }
  throw new KubeError("the server did not say what it knows", { status: 0, reason: "ConnectionLost" });
}
