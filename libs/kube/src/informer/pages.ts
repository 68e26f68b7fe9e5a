import type { Resource } from "../resources/resource.ts";
import type { Client, List, Selection } from "../transport/client.ts";
import { KubeError } from "../transport/kube-error.ts";

export interface PagesOptions extends Selection {
  metadataOnly?: boolean | undefined;
  pageSize: number;
  /** `"0"` lets the server answer from its cache; undefined asks for the latest. */
  resourceVersion: string | undefined;
  signal: AbortSignal;
  onPage: () => void;
}

/**
 * Lists a kind page by page. Calls `restart` first and again when the pages that were read do not belong together any
 * more, because the token that continues them expired. Returns the resourceVersion of the list.
 */
export async function listPages<T>(
  client: Client,
  resource: Resource<T>,
  { pageSize, signal, onPage, ...options }: PagesOptions,
  restart: () => void,
  put: (raw: unknown) => void,
): Promise<string> {
  const page = (token: string | undefined, resourceVersion: string | undefined): Promise<List<T>> =>
    client.list(resource, { ...options, resourceVersion, limit: pageSize, continue: token, signal, maxTries: 1 });

  let { resourceVersion } = options;
  for (let restarts = 0; ; restarts++) {
    restart();
    let token: string | undefined;
    try {
      do {
        // A token says which version it continues; naming one as well is refused.
        const list = await page(token, token === undefined ? resourceVersion : undefined);
        onPage();
        for (const item of itemsOf(list)) put(item);
        token = list.metadata.continue || undefined;
        if (token === undefined) return list.metadata.resourceVersion as string;
      } while (token !== undefined);
    } catch (error) {
      const hasExpired = token !== undefined && error instanceof KubeError && error.isGone;
      if (!hasExpired || restarts >= 2) throw error;
      resourceVersion = undefined;
    }
  }
}

function itemsOf<T>(list: List<T>): T[] {
  // An answer that is no list must not pass for an empty one: everything would be deleted from the cache.
  if (!Array.isArray(list?.items) || typeof list.metadata?.resourceVersion !== "string") {
    throw new KubeError("the answer to a list is no list", { status: 0, reason: "Undecodable" });
  }
  return list.items;
}
