import type { Registry } from "prom-client";
import { type Clock, systemClock } from "../clock.ts";
import { type Log, silentLog } from "../log.ts";
import { createMetrics, type KubeMetrics, noMetrics } from "../metrics.ts";
import { apiVersionOf } from "../resources/api-version.ts";
import type { ObjectMeta, Resource } from "../resources/resource.ts";
import type { Cluster } from "./cluster.ts";
import type { Guard } from "./guard.ts";
import type { Query } from "./path.ts";
import { type Call, createTransport, type Reply, type Transport } from "./transport.ts";
import type { UsedRight } from "./usage.ts";
import { readWatch, type WatchEvent, type WatchObserver } from "./watch.ts";

export interface ClientOptions {
  log?: Log;
  metrics?: Registry;
  userAgent?: string;
  clock?: Clock;
  random?: () => number;
  /** Sustained calls per second (50) and how many may come at once (100). */
  queriesPerSecond?: number;
  burst?: number;
}

export interface Ref {
  name: string;
  namespace?: string | undefined;
  subresource?: string | undefined;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
  timeoutMs?: number | undefined;
  /** Only the metadata of the objects. */
  metadataOnly?: boolean | undefined;
  /** How often the call is made at most when it fails for reasons that pass (3). */
  maxTries?: number | undefined;
  /** Does not wait behind the client's other calls, as those of a lease must not. */
  urgent?: boolean | undefined;
}

export interface Selection {
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
}

export interface ListOptions extends Selection, CallOptions {
  limit?: number | undefined;
  continue?: string | undefined;
  resourceVersion?: string | undefined;
  resourceVersionMatch?: "Exact" | "NotOlderThan" | undefined;
}

export interface WatchOptions extends Selection, WatchObserver {
  resourceVersion?: string | undefined;
  resourceVersionMatch?: "NotOlderThan" | undefined;
  /** The objects that exist come first, ended by a bookmark annotated `k8s.io/initial-events-end`. */
  sendInitialEvents?: boolean | undefined;
  allowWatchBookmarks?: boolean | undefined;
  timeoutSeconds?: number | undefined;
  metadataOnly?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

export interface List<T> {
  apiVersion: string;
  kind: string;
  metadata: { resourceVersion?: string; continue?: string; remainingItemCount?: number };
  items: T[];
}

export interface WriteOptions extends CallOptions {
  subresource?: string | undefined;
  fieldManager?: string | undefined;
  dryRun?: boolean | undefined;
  /** What the server does with unknown or doubled fields; `Strict` refuses them. */
  fieldValidation?: "Strict" | "Warn" | "Ignore" | undefined;
}

export interface ApplyOptions extends WriteOptions {
  fieldManager: string;
  /** Takes over fields that others manage. */
  force?: boolean | undefined;
}

export interface PatchOptions extends WriteOptions {
  contentType:
    | "application/json-patch+json"
    | "application/merge-patch+json"
    | "application/strategic-merge-patch+json"
    | "application/apply-patch+yaml";
}

export interface DeleteOptions extends CallOptions {
  preconditions?: { uid?: string; resourceVersion?: string } | undefined;
  propagationPolicy?: "Orphan" | "Background" | "Foreground" | undefined;
  gracePeriodSeconds?: number | undefined;
}

/** The Kubernetes API in its own JSON: what is passed is what is sent, what is sent back is what is returned. */
export interface Client {
  readonly cluster: Cluster;
  readonly clock: Clock;
  get<T>(resource: Resource<T>, ref: Ref, options?: CallOptions): Promise<T>;
  list<T>(resource: Resource<T>, options?: ListOptions): Promise<List<T>>;
  create<T>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T>;
  /** PUT; refused with a conflict when `metadata.resourceVersion` is given and no longer current. */
  replace<T>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T>;
  /** Server-side apply. */
  apply<T>(resource: Resource<T>, object: T, options: ApplyOptions): Promise<T>;
  patch<T>(resource: Resource<T>, ref: Ref, body: unknown, options: PatchOptions): Promise<T>;
  /** The deleted object, or a Status where the server answers with one. */
  delete<T>(resource: Resource<T>, ref: Ref, options?: DeleteOptions): Promise<T>;
  watch<T>(resource: Resource<T>, options?: WatchOptions): AsyncGenerator<WatchEvent<T>, void, undefined>;
  /** Any call, with everything that came back: status, warnings, audit id. */
  send<T>(call: Call): Promise<Reply<T>>;
  /** The same client, whose writes are made under a right only: none leaves when it is lost. */
  guarded(guard: Guard): Client;
  /** The rights this client made use of so far. */
  readonly usedRights: readonly UsedRight[];
  /** Breaks off what runs and closes every connection. */
  stop(): Promise<void>;
}

const requestTimeoutMs = 30_000;
const listTimeoutMs = 60_000;

export function createClient(cluster: Cluster, options: ClientOptions = {}): Client {
  const metrics: KubeMetrics = options.metrics ? createMetrics(options.metrics) : noMetrics;
  const transport = createTransport(cluster, {
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    log: options.log ?? silentLog,
    metrics,
    userAgent: options.userAgent ?? "application-connector",
    queriesPerSecond: options.queriesPerSecond ?? 50,
    burst: options.burst ?? 100,
  });
  return clientOver(transport);
}

const reads = new Set<Call["verb"]>(["get", "list", "watch"]);

function clientOver(transport: Transport, guard?: Guard): Client {
  const send = <T>(call: Call): Promise<Reply<T>> =>
    transport.send<T>(guard && !reads.has(call.verb) ? { ...call, guard } : call);
  const body = async <T>(call: Call): Promise<T> => (await send<T>(call)).body;

  return {
    cluster: transport.cluster,
    clock: transport.clock,
    get: (resource, ref, options = {}) =>
      body({ verb: "get", method: "GET", resource, target: ref, ...common(options, "PartialObjectMetadata") }),
    async list<T>(
      resource: Resource<T>,
      { namespace, labelSelector, fieldSelector, limit, continue: token, ...options }: ListOptions = {},
    ) {
      const { resourceVersion, resourceVersionMatch } = options;
      const query = { labelSelector, fieldSelector, limit, continue: token, resourceVersion, resourceVersionMatch };
      const rest = common({ timeoutMs: listTimeoutMs, ...options }, "PartialObjectMetadataList");
      const list = await body<List<T>>({
        verb: "list",
        method: "GET",
        resource,
        target: { namespace },
        query,
        ...rest,
      });
      // Without objects the server says null when it is asked for metadata only.
      return { ...list, items: list.items ?? [] };
    },
    create(resource, object, options = {}) {
      const { namespace, name } = metadataOf(object);
      const { subresource } = options;
      const target = subresource === undefined ? { namespace } : { namespace, name, subresource };
      return body({ verb: "create", method: "POST", resource, target, body: object, ...writing(options) });
    },
    replace(resource, object, options = {}) {
      const { namespace, name } = metadataOf(object);
      const target = { namespace, name, subresource: options.subresource };
      return body({ verb: "update", method: "PUT", resource, target, body: object, ...writing(options) });
    },
    apply(resource, object, options) {
      const { namespace, name } = metadataOf(object);
      const contentType = "application/apply-patch+yaml";
      const target = { namespace, name, subresource: options.subresource };
      const rest = writing(options, { force: options.force });
      return body({
        verb: "apply",
        method: "PATCH",
        resource,
        target,
        body: withoutManagedFields(resource, object),
        contentType,
        ...rest,
      });
    },
    patch(resource, ref, patch, options) {
      const target = { ...ref, subresource: ref.subresource ?? options.subresource };
      const { contentType } = options;
      return body({ verb: "patch", method: "PATCH", resource, target, body: patch, contentType, ...writing(options) });
    },
    delete(resource, ref, { preconditions, propagationPolicy, gracePeriodSeconds, ...options } = {}) {
      const how = present({ preconditions, propagationPolicy, gracePeriodSeconds });
      const asked = Object.keys(how).length > 0 ? { body: { apiVersion: "v1", kind: "DeleteOptions", ...how } } : {};
      return body({ verb: "delete", method: "DELETE", resource, target: ref, ...asked, ...common(options) });
    },
    watch<T>(resource: Resource<T>, options: WatchOptions = {}) {
      return readWatch<T>(transport, watchCall(resource, options), options);
    },
    send,
    guarded: (guard) => clientOver(transport, guard),
    get usedRights() {
      return transport.usage.list();
    },
    stop: () => transport.stop(),
  };
}

function watchCall(resource: Resource<unknown>, options: WatchOptions): Call {
  const { namespace, labelSelector, fieldSelector, resourceVersion, resourceVersionMatch, timeoutSeconds } = options;
  const { sendInitialEvents, allowWatchBookmarks = true, signal, metadataOnly } = options;
  const query = {
    watch: true,
    allowWatchBookmarks,
    labelSelector,
    fieldSelector,
    resourceVersion,
    resourceVersionMatch,
    sendInitialEvents,
    timeoutSeconds,
  };
  const accept = metadataOnly ? { accept: partial("PartialObjectMetadata") } : {};
  return { verb: "watch", method: "GET", resource, target: { namespace }, query, signal, ...accept };
}

const partial = (kind: string): string => `application/json;as=${kind};g=meta.k8s.io;v=v1,application/json`;

function common({ signal, timeoutMs = requestTimeoutMs, metadataOnly, maxTries, urgent }: CallOptions, kind?: string) {
  return { signal, timeoutMs, maxTries, urgent, ...(metadataOnly && kind ? { accept: partial(kind) } : {}) };
}

function writing(options: WriteOptions, more: Query = {}) {
  const { fieldManager, fieldValidation = "Strict", dryRun } = options;
  return { query: { fieldManager, fieldValidation, dryRun: dryRun ? "All" : undefined, ...more }, ...common(options) };
}

function metadataOf(object: unknown): { namespace?: string; name: string } {
  const metadata = (object as { metadata?: ObjectMeta } | null)?.metadata;
  if (!metadata) throw new TypeError("the object has no metadata");
  return metadata;
}

/** The server refuses managedFields in an apply; a copy leaves the caller's object alone. */
function withoutManagedFields(resource: Resource<unknown>, object: unknown): object {
  const { apiVersion, kind, metadata, ...rest } = object as Record<string, unknown>;
  const { managedFields: _, ...kept } = metadata as Record<string, unknown>;
  return { apiVersion: apiVersion ?? apiVersionOf(resource), kind: kind ?? resource.kind, metadata: kept, ...rest };
}

function present<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}
