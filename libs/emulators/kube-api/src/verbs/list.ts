import type { Call } from "../http/call.ts";
import type { Kind } from "../kinds/kind.ts";
import type { Cluster } from "../operations/cluster.ts";
import { selection } from "../selectors/selection.ts";
import { ApiError, badRequest, expired } from "../status.ts";
import { type Position, readToken, writeToken } from "../store/continue-token.ts";
import type { Entry } from "../store/entry.ts";
import type { ListMetadata } from "../table/projection.ts";
import { untilFresh } from "./fresh.ts";
import { checkListOptions, readRevision } from "./list-options.ts";
import { sendList } from "./reply.ts";

export async function list(cluster: Cluster, kind: Kind, call: Call): Promise<void> {
  const { query, info } = call;
  checkListOptions(query);
  const chosen = selection(query, kind);
  const start = await startOf(cluster, query);
  const namespace = kind.namespaced ? info.namespace : "";
  const all = stateAt(cluster, kind, start, namespace);
  const from = start.after ? firstAfter(all, start.after) : 0;
  const page = takePage(all, from, limitOf(query), chosen && ((entry) => chosen(entry.object)));
  const revision = start.revision ?? cluster.store.revision;
  const metadata: ListMetadata = { resourceVersion: String(revision) };
  if (page.next < all.length) {
    metadata.continue = writeToken({ revision, after: (all[page.next - 1] as Entry).key });
    if (!chosen) metadata.remainingItemCount = all.length - page.next;
  }
  sendList(call, kind, page.entries, metadata, cluster.now());
}

/** With resourceVersion 0 any state will do and it comes whole: the watch cache knows no pages. */
function limitOf(query: URLSearchParams): number {
  const limit = Number(query.get("limit") ?? 0);
  return limit > 0 && query.get("resourceVersion") !== "0" ? limit : Number.POSITIVE_INFINITY;
}

async function startOf({ store }: Cluster, query: URLSearchParams): Promise<Position> {
  const token = query.get("continue");
  const revision = readRevision(query.get("resourceVersion"));
  if (token) {
    if (revision) throw badRequest("specifying resource version is not allowed when using continue");
    return readToken(token);
  }
  if (!revision) return { revision: undefined, after: "" };
  const failure = await untilFresh(store, revision);
  if (failure) throw failure;
  const isExact = query.get("resourceVersionMatch") === "Exact";
  // A limit without a match means exactly this revision too: an old rule that pages depend on.
  const isLegacyExact = query.has("limit") && !query.get("resourceVersionMatch");
  return { revision: isExact || isLegacyExact ? revision : undefined, after: "" };
}

function stateAt({ store }: Cluster, kind: Kind, { revision, after }: Position, namespace: string): readonly Entry[] {
  if (revision === undefined) return store.list(kind.collection, namespace);
  const entries = store.listAt(kind.collection, revision, namespace);
  if (entries) return entries;
  if (!after) throw expired("The resourceVersion for the provided list is too old.");
  throw new ContinueExpired(writeToken({ revision: undefined, after }));
}

/** The answer carries a token with which the client may go on, if it can live with an inconsistent list. */
class ContinueExpired extends ApiError {
  readonly #token: string;

  constructor(token: string) {
    super(
      410,
      "Expired",
      "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
    );
    this.#token = token;
  }

  override toStatus() {
    return { ...super.toStatus(), metadata: { continue: this.#token } };
  }
}

function firstAfter(entries: readonly Entry[], key: string): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle] as Entry).key <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Page {
  entries: readonly Entry[];
  /** Where the next page starts. */
  next: number;
}

function takePage(
  all: readonly Entry[],
  from: number,
  limit: number,
  chosen: ((entry: Entry) => boolean) | undefined,
): Page {
  if (!chosen) {
    const next = Math.min(all.length, from + limit);
    return { entries: all.slice(from, next), next };
  }
  const entries: Entry[] = [];
  let next = from;
  while (next < all.length && entries.length < limit) {
    const entry = all[next] as Entry;
    if (chosen(entry)) entries.push(entry);
    next += 1;
  }
  return { entries, next };
}
