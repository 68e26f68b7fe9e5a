import { type Application, applications } from "@application-connector/crds";
import type { Informer } from "@application-connector/kube";
import type { Service } from "@application-connector/service";
import type { ApplicationEvents } from "../observe/application-events.ts";
import {
  type ApplicationRules,
  compileApplication,
  describe,
  type InboundApplication,
  typeLabel,
} from "./application.ts";
import { NameCollisions } from "./name-collisions.ts";

/** The Applications that may be called. Answers from memory, however long the API server is away. */
export interface ApplicationCache {
  get(name: string): InboundApplication | undefined;
  all(): Iterable<InboundApplication>;
  readonly size: number;
  /** Every Application of the cluster was read once. */
  readonly hasSynced: boolean;
  stop(): void;
}

type Log = Pick<Service["log"], "info" | "warn">;

export interface CacheOptions {
  readonly rules: ApplicationRules;
  readonly log: Log;
  /** How often everything is compared with the informer once more; 0: never. */
  readonly syncPeriodMs: number;
  /** Told what is wrong, when it comes up. */
  readonly events: Pick<ApplicationEvents, "annotationUnusable" | "namesCollide">;
}

/**
 * Follows the informer. Its one ordered stream of changes is the only writer, so that no slower first list can bring a
 * deleted Application back.
 */
export function createApplicationCache(
  informer: Informer<Application>,
  { rules, log, syncPeriodMs, events }: CacheOptions,
): ApplicationCache {
  const entries = new Map<string, { entry: InboundApplication; source: Application }>();
  const collisions = new NameCollisions();
  const logger = (name: string) => ({ controller: "cache_sync_controller", name });

  const noteCollisions = (entry: InboundApplication) => {
    const others = collisions.put(entry);
    if (others.length === 0) return;
    log.warn({ ...logger(entry.name), others }, "Eventing cannot tell the application's events from those of others.");
    events.namesCollide(entry, others);
  };
  const remove = (name: string, why: string) => {
    const known = entries.get(name);
    if (known === undefined) return;
    entries.delete(name);
    collisions.remove(name);
    log.info(logger(name), why);
    log.warn(logger(name), `Deleted the application from the cache with values ${describe(known.entry)}`);
  };
  const put = (application: Application) => {
    const { name, deletionTimestamp } = application.metadata;
    // A finalizer may keep the object for long; whoever deleted it wants the door shut now.
    if (deletionTimestamp) {
      remove(name, "Deleted the application from the cache on graceful deletion.");
      return;
    }
    const known = entries.get(name);
    if (known?.source === application) return;
    const entry = compileApplication(application, rules, known?.entry);
    entries.set(name, { entry, source: application });
    log.info(logger(name), `Added/Updated the application in the cache with values ${describe(entry)}`);
    for (const mistake of entry.mistakes) {
      if (known?.entry.mistakes.some(({ annotation }) => annotation === mistake.annotation)) continue;
      log.warn({ ...logger(name), ...mistake }, "An annotation of the application cannot be used.");
      events.annotationUnusable(entry, mistake);
    }
    if (known === undefined || known.entry.typeLabel !== entry.typeLabel) noteCollisions(entry);
  };
  const gone = (name: string) => remove(name, "Application not found, deleting from the cache.");

  const unsubscribe = informer.subscribe({
    add: put,
    update: (_old, now) => put(now),
    delete: ({ metadata }) => gone(metadata.name),
  });

  /** The list is the truth: what a lost change left behind ends here. */
  const resync = () => {
    if (!informer.hasSynced) return;
    for (const application of informer.list()) put(application);
    for (const name of entries.keys()) if (informer.get(name) === undefined) gone(name);
  };
  const timer = syncPeriodMs > 0 ? setInterval(resync, syncPeriodMs) : undefined;
  timer?.unref();

  return {
    get: (name) => entries.get(name)?.entry,
    *all() {
      for (const { entry } of entries.values()) yield entry;
    },
    get size() {
      return entries.size;
    },
    get hasSynced() {
      return informer.hasSynced;
    },
    stop() {
      clearInterval(timer);
      unsubscribe();
    },
  };
}

const { validate: _, ...unchecked } = applications;

/**
 * Applications as they come. The cache would go on with the last valid state of a malformed one: with a caller whose
 * id was withdrawn, or an Application that is being deleted, because of a mistake in a field that decides nothing here.
 */
export const inboundApplications: typeof applications = unchecked;

/** What is kept in memory of an Application: nothing that no request asks for, and of its conditions those of these types. */
export const keepOfApplication =
  (annotationPrefix: string, conditionTypes: ReadonlySet<string> = new Set()) =>
  (application: Application): Application => {
    const { apiVersion, kind, metadata, spec, status } = application;
    const conditions = (status?.conditions ?? []).filter(({ type }) => conditionTypes.has(type));
    const { name, uid, resourceVersion, deletionTimestamp } = metadata;
    const annotations = only(metadata.annotations, (key) => key.startsWith(`${annotationPrefix}/`));
    const labels = only(metadata.labels, (key) => key === typeLabel);
    const kept = {
      ...definedOf({ apiVersion, kind }),
      metadata: definedOf({ name, uid, resourceVersion, deletionTimestamp, annotations, labels }),
      spec: definedOf({ compassMetadata: spec?.compassMetadata, tenant: spec?.tenant, group: spec?.group }),
      ...(conditions.length > 0 ? { status: { conditions } } : {}),
    };
    return kept as unknown as Application;
  };

function only<V>(
  values: Readonly<Record<string, V>> | undefined,
  isWanted: (key: string) => boolean,
): Record<string, V> | undefined {
  const wanted = Object.entries(values ?? {}).filter(([key]) => isWanted(key));
  return wanted.length === 0 ? undefined : Object.fromEntries(wanted);
}

function definedOf(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
