import { type Client, concurrently, type EventRecorder, type Informer } from "@application-connector/kube";
import type { Service } from "@application-connector/service";
import type { PageSize } from "@application-connector/ucl";
import type { Config } from "../../config.ts";
import { count, type SyncStats } from "../../observe/sync-metrics.ts";
import type { Caches } from "../caches.ts";
import type { LiveApplication } from "../live/live-application.ts";
import type { MappingSettings } from "../mapping/map-application.ts";
import type { Problem } from "../problem.ts";
import type { ApplicationRecord } from "../records/record.ts";
import * as conditions from "../report/conditions.ts";
import type { ApplicationReporter } from "../report/report-application.ts";
import { createConnectionReporter } from "../report/report-connection.ts";
import type { Plan, Round, RoundOutcome } from "../synchroniser.ts";
import type { Reconciled } from "../writes/reconcile-application.ts";
import { withRetries } from "../writes/with-retries.ts";
import { deleteApplication } from "../writes/write-application.ts";
import { deleteSecret } from "../writes/write-secret.ts";
import { applyRecords } from "./apply-records.ts";
import { clusterState } from "./cluster-state.ts";
import type { DesiredState } from "./desired-state.ts";
import { plannedChanges } from "./plan.ts";
import { type RoundTotals, runRound } from "./run-round.ts";

export interface RoundsOptions {
  readonly client: Client;
  readonly caches: Caches;
  readonly config: Config;
  readonly log: Service["log"];
  readonly stats: SyncStats;
  readonly events: EventRecorder;
  readonly reporter: ApplicationReporter;
  readonly pageSize: PageSize;
  readonly records: () => ReadonlyMap<string, ApplicationRecord>;
  readonly adopt: (records: ReadonlyMap<string, ApplicationRecord>) => void;
  readonly isSettled: (record: ApplicationRecord) => boolean;
  readonly reconcile: (record: ApplicationRecord, signal: AbortSignal) => Promise<Reconciled>;
  readonly locked: <T>(name: string, work: () => Promise<T>) => Promise<T>;
}

/** The API server has so long to come back before a round is given up. */
const cachesWithinMs = 5_000;

/** Rounds, one after the other, with everything that they need of the cluster. */
export function createRounds(options: RoundsOptions) {
  const { client, caches, config, log, stats, reporter, isSettled, reconcile, locked } = options;
  const connection = createConnectionReporter(client, options.events);
  const mapping: MappingSettings = {
    gatewayUrl: config.centralGatewayServiceUrl.replace(/\/+$/, ""),
    pathConflicts: config.gatewayPathConflictPolicy,
    propagateLabels: config.propagateLabels,
  };
  const followed = [
    { what: "Applications", informer: caches.applications },
    ...(caches.watchedSecrets ? [{ what: "Secrets", informer: caches.watchedSecrets }] : []),
  ];
  let plan: Plan | undefined;
  let running: Promise<unknown> = Promise.resolve();

  async function remove(doomed: readonly LiveApplication[], signal: AbortSignal): Promise<Map<string, Problem>> {
    const failures = new Map<string, Problem>();
    await concurrently(doomed, config.syncConcurrency, async (live) => {
      signal.throwIfAborted();
      const { name } = live.metadata;
      const work = async (): Promise<void> => {
        const owned = await caches.secrets.ownedBy(live, []);
        await deleteApplication(client, live);
        // Its owner is gone, so that they would go by themselves; this is for who looks at once.
        for (const secret of owned) await deleteSecret(client, secret);
      };
      try {
        await locked(name, () => withRetries(work, signal));
        log.info({ application: name, id: live.applicationId }, "UCL knows this application no more: it is deleted");
      } catch (error) {
        signal.throwIfAborted();
        const message = `it could not be deleted: ${(error as Error).message}`;
        failures.set(name, { reason: "ApplyFailed", message });
      }
    });
    return failures;
  }

  async function tellOthers({ records, unapplied }: DesiredState, signal: AbortSignal): Promise<Map<string, Problem>> {
    const paused = new Map<string, Problem>();
    for (const live of caches.applications.list()) {
      if (!live.isManaged || records.has(live.metadata.name)) continue;
      const problem = unapplied.get(live.applicationId) ?? (live.isPaused ? pausedProblem : undefined);
      if (problem === undefined) continue;
      if (problem === pausedProblem) paused.set(live.metadata.name, problem);
      await reporter.tell(live, problem, signal);
    }
    return paused;
  }

  async function planOf(state: DesiredState, signal: AbortSignal): Promise<RoundOutcome["conditions"]> {
    const create: string[] = [];
    const update: Plan["update"][number][] = [];
    await concurrently(state.records.values(), config.syncConcurrency, async (record) => {
      signal.throwIfAborted();
      const live = caches.applications.get(record.name);
      if (live === undefined) create.push(record.name);
      else if (!live.isManaged || live.isPaused) return;
      else {
        const changes = await plannedChanges(client, caches.secrets, record, live);
        if (changes.length > 0) update.push({ name: record.name, changes });
      }
    });
    plan = {
      create: create.sort(),
      update: update.sort((one, other) => (one.name < other.name ? -1 : 1)),
      delete: state.doomed.map(({ metadata }) => metadata.name).sort(),
    };
    return conditions.dryRun(plan.create.length, plan.update.length, plan.delete.length);
  }

  async function done({ state, applied, deleted, problems }: RoundTotals): Promise<void> {
    for (const { reason } of problems.values()) count(stats.errors, reason);
    const isConflict = ({ reason }: Problem): boolean => reason === "NameConflict";
    const conflict = [...problems.values()].filter(isConflict).length;
    stats.applications.desired = state.records.size + state.unapplied.size;
    stats.applications.failed = problems.size - conflict;
    stats.applications.conflict = conflict;
    stats.applications.managed = state.records.size;
    const { created, updated, unchanged } = applied;
    const level = created + updated + deleted + problems.size > 0 ? "info" : "debug";
    log[level]({ created, updated, deleted, unchanged, problems: problems.size }, "the formation is mirrored");
    await connection.tell(state.unapplied);
  }

  async function run(round: Round): Promise<RoundOutcome> {
    const { signal } = round;
    const startedMs = performance.now();
    const outcome = await runRound(
      {
        pageSize: options.pageSize,
        live: caches.applications,
        earlier: options.records,
        mapping,
        conflicts: config.nameConflictPolicy,
        guardPercent: config.deletionGuardPercent,
        urls: { events: config.runtimeEventsUrl, console: config.runtimeConsoleUrl },
        onRestart: (reason) =>
          log.warn({ requestId: round.requestId, reason }, "what UCL answered does not make a whole: it is read anew"),
        clusterIsKnown: () => clusterState(followed, cachesWithinMs, signal),
        adopt: (state) => options.adopt(state.records),
        apply: async (records) => {
          const written: Reconciled[] = [];
          const reconcileAndNote = async (record: ApplicationRecord): Promise<Reconciled> => {
            const reconciled = await reconcile(record, signal);
            written.push(reconciled);
            if (written.length > config.syncConcurrency) written.shift();
            return reconciled;
          };
          const atOnce = config.syncConcurrency;
          const applied = await applyRecords(records.values(), {
            isSettled,
            reconcile: reconcileAndNote,
            atOnce,
            signal,
          });
          await caughtUp(caches.applications, written);
          return applied;
        },
        remove: (doomed) => remove(doomed, signal),
        tellOthers: (state) => tellOthers(state, signal),
        plan: config.dryRun ? (state) => planOf(state, signal) : undefined,
        done,
      },
      round,
    );
    count(stats.rounds, outcome.result);
    stats.durations.observe((performance.now() - startedMs) / 1000);
    if (outcome.result === "synchronized") stats.lastSuccessMs = Date.now();
    return outcome;
  }

  return {
    /** One at a time: another one waits for its turn. */
    run(round: Round): Promise<RoundOutcome> {
      const next = running.then(() => run(round));
      running = next.catch(() => {});
      return next;
    },
    get plan() {
      return plan;
    },
    /** Of all that were asked for so far. */
    get ended(): Promise<unknown> {
      return running;
    },
  };
}

const pausedProblem: Problem = {
  reason: "Paused",
  message: "it is paused by its annotation: it stays, although UCL knows it no more",
};

/** What was written last has arrived in the cache, and everything before it: the next round need not write it again. */
async function caughtUp(informer: Informer<LiveApplication>, written: readonly Reconciled[]): Promise<void> {
  await Promise.all(
    written.map(async ({ live, change, resourceVersion: version }) => {
      if (live === undefined || version === undefined || change === "none") return;
      await informer.expect({ name: live.metadata.name }, version);
    }),
  );
}
