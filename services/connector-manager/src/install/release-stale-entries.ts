import type { Client } from "@application-connector/kube";
import { fieldManager } from "../names.ts";
import type { Seen } from "./look.ts";
import { staleEntriesPatch } from "./stale-entries.ts";

/** Puts right in objects what would keep an apply from succeeding; see {@link staleEntriesPatch}. */
export function releaseStaleEntries(client: Client, seen: readonly Seen[], signal: AbortSignal): Promise<Seen[]> {
  return Promise.all(
    seen.map(async (one) => {
      const { resource, object, live } = one;
      const patch = live && staleEntriesPatch(live, object);
      if (patch === undefined) return one;
      const { name, namespace } = object.metadata;
      const contentType = "application/json-patch+json";
      const how = { contentType, fieldManager: `${fieldManager}-repair`, signal } as const;
      return { ...one, live: await client.patch(resource, { name, namespace }, patch, how) };
    }),
  );
}
