import {
  type Client,
  createApplier,
  type EventRecorder,
  type Informers,
  type StatedCondition,
} from "@application-connector/kube";
import type { Service } from "@application-connector/service";
import { createPageSize, type UclTransport } from "@application-connector/ucl";
import type { Config } from "../config.ts";
import { SyncStats } from "../observe/sync-metrics.ts";
import { openCaches } from "./caches.ts";
import { identityOf, isSettledSecret, leftovers } from "./live/diff-secrets.ts";
import type { LiveApplication } from "./live/live-application.ts";
import { createLocks } from "./locks.ts";
import { fieldManager } from "./mapping/desired.ts";
import type { ApplicationRecord } from "./records/record.ts";
import { startRepairs } from "./repair/repairs.ts";
import { createApplicationReporter } from "./report/report-application.ts";
import { createRounds } from "./round/rounds.ts";
import { countWrites } from "./writes/count-writes.ts";
import { type Reconciled, reconcileApplication, type WriteContext } from "./writes/reconcile-application.ts";

/** The Director as this cluster may call it now: the transport shows the current certificate. */
export interface DirectorAccess {
  readonly transport: UclTransport;
  readonly url: string;
  /** For the header `Tenant`. */
  readonly tenant: string;
  readonly runtimeId: string;
}

export interface Round {
  /** For `x-request-id` of every call of the round. */
  readonly requestId: string;
  readonly director: DirectorAccess;
  /** Somebody has asked for it: the deletion guard does not count. */
  readonly isAskedFor: boolean;
  readonly signal: AbortSignal;
}

/**
 * How a round ended. `error` says why; the state of the connection, and the words in front of the error, follow from
 * `result`. Failures of single applications are no failure of the round: the conditions tell of them.
 */
export type RoundOutcome = {
  /** `Fetched`, `ApplicationsApplied`, `MetadataReported`, and `DryRun` in a dry run. */
  readonly conditions: readonly StatedCondition[];
} & (
  | { readonly result: "synchronized" }
  | { readonly result: "fetch-failed" | "apply-refused" | "labels-failed"; readonly error: Error }
);

/** What a dry run would do; paths without values. */
export interface Plan {
  readonly create: readonly string[];
  readonly update: readonly { readonly name: string; readonly changes: readonly string[] }[];
  readonly delete: readonly string[];
}

export interface SynchroniserOptions {
  /** Writes as long as this process leads, and not longer. */
  readonly client: Client;
  readonly informers: Informers;
  readonly config: Config;
  readonly log: Service["log"];
  readonly events: EventRecorder;
  /** Where it counts; `registerSyncMetrics` shows them. */
  readonly stats?: SyncStats | undefined;
}

/** Mirrors the applications of the Director. */
export interface Synchroniser {
  /** Never throws for what UCL or the API server do; rejects with its reason when the signal aborts. */
  round(round: Round): Promise<RoundOutcome>;
  /** Of the last round, in a dry run. */
  readonly plan: Plan | undefined;
  stop(): Promise<void>;
}

export function createSynchroniser(options: SynchroniserOptions): Synchroniser {
  const { informers, config, log, events, stats = new SyncStats() } = options;
  const client = countWrites(options.client, (kind, verb, result) => stats.wrote(kind, verb, result));
  const namespace = config.integrationNamespace;
  const caches = openCaches(informers, client, namespace, config.secretDriftDetection === "on");
  const applier = createApplier(client, { fieldManager: `${fieldManager}-status`, remembered: 0 });
  const reporter = createApplicationReporter({ applier, events, log });
  const stopping = new AbortController();
  const locked = createLocks();
  let records: ReadonlyMap<string, ApplicationRecord> = new Map();

  const cached = (name: string): LiveApplication | undefined => caches.applications.get(name);
  const context = (signal: AbortSignal): WriteContext => ({
    client,
    namespace,
    skipVerify: config.skipAppsTlsVerify,
    secrets: caches.secrets,
    signal,
  });

  /** Looks at caches only; false wherever they leave a doubt. */
  const isSettled = (record: ApplicationRecord): boolean => {
    const live = cached(record.name);
    const secretOf = caches.secrets.cached;
    if (live === undefined || !live.isManaged || live.isPaused || live.digest !== record.digest) return false;
    if (live.metadata.deletionTimestamp !== undefined || !reporter.isTold(live, record.problem)) return false;
    const { uid } = live.metadata;
    if (secretOf === undefined) return record.secrets.length === 0 && live.secretNames.length === 0;
    const identity = identityOf(record.name);
    if (!record.secrets.every((secret) => isSettledSecret(secret, identity, uid, secretOf(secret.name)))) return false;
    return leftovers(record, caches.watchedSecrets?.byIndex("owner", uid ?? "") ?? []).length === 0;
  };

  const reconcile = (record: ApplicationRecord, signal: AbortSignal): Promise<Reconciled> =>
    locked(record.name, async () => {
      const reconciled = await reconcileApplication(context(signal), record, cached(record.name));
      const { live, problem } = reconciled;
      if (!live?.isManaged) return reconciled;
      const resourceVersion = await reporter.tell(live, problem, signal);
      return { ...reconciled, resourceVersion };
    });

  const repairs = config.dryRun
    ? undefined
    : startRepairs({
        caches,
        records: () => records,
        log,
        async repair(name) {
          const record = records.get(name);
          if (record === undefined || isSettled(record)) return;
          const { change, problem, isOutage } = await reconcile(record, stopping.signal);
          if (isOutage) throw new Error(problem?.message);
          if (change === "none") return;
          repairs?.repaired(name);
          log.info({ application: name }, "what somebody else changed is as UCL describes it again");
        },
      });

  const rounds = createRounds({
    client,
    caches,
    config,
    log,
    stats,
    events,
    reporter,
    pageSize: createPageSize(config.directorPageSize),
    records: () => records,
    adopt: (wanted) => {
      records = wanted;
    },
    isSettled,
    reconcile,
    locked,
  });

  return {
    round: (round) => rounds.run({ ...round, signal: AbortSignal.any([round.signal, stopping.signal]) }),
    get plan() {
      return rounds.plan;
    },
    async stop() {
      stopping.abort(new Error("the synchroniser was stopped"));
      await Promise.all([repairs?.stop(), rounds.ended]);
    },
  };
}
