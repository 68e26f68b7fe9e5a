import type { WatchEvent } from "../transport/watch.ts";

const mark = "k8s.io/initial-events-end";

/** The version that an event carries. */
export const versionOf = ({ object }: WatchEvent<unknown>): string | undefined => {
  const version = (object as { metadata?: { resourceVersion?: unknown } } | null)?.metadata?.resourceVersion;
  return typeof version === "string" && version !== "" ? version : undefined;
};

/** Whether an event says that everything that existed was sent. */
export function endsInitialEvents(event: WatchEvent<unknown>): boolean {
  const { metadata } = (event.object ?? {}) as { metadata?: { annotations?: Record<string, string> } };
  return metadata?.annotations?.[mark] === "true" && versionOf(event) !== undefined;
}
