import { isTrue } from "../http/api-path.ts";
import type { Call } from "../http/call.ts";
import type { Kind } from "../kinds/kind.ts";
import type { Cluster } from "../operations/cluster.ts";
import { selection } from "../selectors/selection.ts";
import { type ApiError, expired } from "../status.ts";
import { projectionOf } from "../table/negotiate.ts";
import type { WatchHub } from "../watch/hub.ts";
import { WatchStream } from "../watch/stream.ts";
import { untilFresh } from "./fresh.ts";
import { checkWatchOptions, readRevision } from "./list-options.ts";

export interface WatchLimits {
  bookmarkIntervalMs: number;
}

export async function watch(
  cluster: Cluster,
  hub: WatchHub,
  kind: Kind,
  call: Call,
  { bookmarkIntervalMs }: WatchLimits,
): Promise<void> {
  const { query, info, user, response } = call;
  checkWatchOptions(query);
  const chosen = selection(query, kind);
  const revision = readRevision(query.get("resourceVersion"), true);
  const projection = projectionOf(call, kind, cluster.now());
  const bookmarks = isTrue(query, "allowWatchBookmarks");
  const isLate = query.get("sendInitialEvents") === "true" && (revision ?? 0) > cluster.store.revision;
  const stale = isLate ? await untilFresh(cluster.store, revision ?? 0) : undefined;
  if (response.destroyed) return;
  const stream = new WatchStream(response, {
    kind,
    info,
    userName: user.name,
    chosen,
    projection,
    bookmarks,
    after: revision ?? 0,
  });
  response.writeHead(200, {
    "cache-control": "no-cache, private",
    "content-type": "application/json",
  });
  response.flushHeaders();
  // Small events must not wait for more to fill a segment.
  response.socket?.setNoDelay(true);

  // The beginning is sent at the client's pace; changes from here on follow it.
  const failure = stale ?? begin(cluster, stream, query, revision);
  if (failure) {
    stream.error(failure);
    stream.end();
    return;
  }
  const leave = hub.add(stream);
  const seconds = Number(query.get("timeoutSeconds")) || 1800 + Math.floor(Math.random() * 1800);
  const beforeEnd = () => bookmarks && stream.bookmark(cluster.store.revision);
  const timeout = setTimeout(() => {
    beforeEnd();
    stream.cutOff();
  }, seconds * 1000);
  const ticker = bookmarks ? setInterval(() => stream.bookmark(cluster.store.revision), bookmarkIntervalMs) : undefined;
  response.once("close", () => {
    leave();
    clearTimeout(timeout);
    clearInterval(ticker);
  });
}

/** What a watch hears first: the present state, or what it missed since the revision it knows. */
function begin(
  { store }: Cluster,
  stream: WatchStream,
  query: URLSearchParams,
  revision: number | undefined,
): ApiError | undefined {
  const namespace = stream.kind.namespaced ? stream.info.namespace : "";
  const sendsInitialEvents = query.get("sendInitialEvents");
  const wantsState = sendsInitialEvents ? sendsInitialEvents === "true" : !revision;
  if (wantsState) {
    const isMarked = Boolean(sendsInitialEvents) && stream.bookmarks;
    stream.beginWithState(store.list(stream.kind.collection, namespace), isMarked ? store.revision : undefined);
    return undefined;
  }
  if (!revision) return undefined;
  const missed = store.history.since(revision);
  if (!missed) return expired(`too old resource version: ${revision} (${store.history.compactedTo})`);
  stream.beginWithMissed(missed);
  return undefined;
}
