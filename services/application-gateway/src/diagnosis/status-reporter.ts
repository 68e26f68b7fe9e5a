import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import type { Applier, EventRecorder, Informer } from "@application-connector/kube";
import type { EntryTable } from "../entries/entry-table.ts";
import { conditionsOf, type Finding, findingsOf } from "./conditions.ts";
import type { KnownApplication } from "./known-application.ts";
import { areKnown } from "./known-conditions.ts";
import { observedApplication } from "./observed-application.ts";
import { StatusWriter } from "./status-writer.ts";

export interface StatusReporterOptions {
  readonly applications: Pick<Informer<KnownApplication>, "get">;
  readonly table: Pick<EntryTable, "stateOf" | "names">;
  readonly applier: Applier;
  readonly events: Pick<EventRecorder, "event">;
  readonly log: { warn(fields: object, message: string): void };
  /** How long before its end a client certificate is worth a warning. */
  readonly warnBeforeMs: number;
  readonly pace?: Pace | undefined;
  readonly now?: () => number;
}

/** How fast the reporter works, all in ms. */
export interface Pace {
  /** What changes within this time is looked at once; at least half of it is waited. */
  readonly settle: number;
  /** Between two writes. */
  readonly write: number;
  /** How often everything is looked at again: certificates come to their end without a change. */
  readonly look: number;
  /** How long nothing is written after the API server has refused. */
  readonly refused: number;
  /** The same after it could not be reached. */
  readonly failed: number;
}

const usualPace: Pace = { settle: 2_000, write: 200, look: 600_000, refused: 600_000, failed: 10_000 };

/** So many Applications are looked at in one go; calls have their turn between them. */
const atOnce = 100;

/**
 * Tells the cluster what is wrong with Applications: conditions in their status, and an Event for what is new. Every
 * replica does so, and all would write the same: the first one, at a random moment, writes, the others see it and don't.
 * Works in the background, never faster than so many writes a second, and no call depends on it.
 */
export class StatusReporter {
  readonly #options: StatusReporterOptions;
  readonly #pace: Pace;
  readonly #now: () => number;
  readonly #writer: StatusWriter;
  readonly #stopped = new AbortController();
  readonly #waiting = new Set<string>();
  /** What an Application was found to have, where that was something. */
  readonly #told = new Map<string, ReadonlySet<string>>();
  #running: Promise<void> | undefined;
  #look: NodeJS.Timeout | undefined;

  constructor(options: StatusReporterOptions) {
    this.#options = options;
    this.#pace = options.pace ?? usualPace;
    this.#now = options.now ?? Date.now;
    const { applier, log } = options;
    const { signal } = this.#stopped;
    this.#writer = new StatusWriter({ applier, log, now: this.#now, refusedMs: this.#pace.refused, signal });
  }

  /** To be called when all is known; nothing is looked at before. */
  start(): void {
    const all = (): void => {
      for (const name of this.#options.table.names()) this.check(name);
    };
    this.#look = setInterval(all, this.#pace.look);
    all();
  }

  /** Something of an Application may have changed: the object, or a Secret that it names. */
  check(application: string): void {
    if (this.#look === undefined || this.#stopped.signal.aborted) return;
    this.#waiting.add(application);
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    clearInterval(this.#look);
    this.#stopped.abort(new Error("the gateway stops"));
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      while (this.#waiting.size > 0) {
        await this.#pause(this.#pace.settle * (0.5 + Math.random() / 2));
        const batch = shuffled([...this.#waiting]);
        this.#waiting.clear();
        for (const [index, name] of batch.entries()) {
          if (index % atOnce === 0) await setImmediate();
          await this.#report(name);
        }
      }
    } catch (error) {
      if (!this.#stopped.signal.aborted) this.#options.log.warn({ err: error }, "conditions could not be worked out");
    } finally {
      this.#running = undefined;
    }
  }

  async #report(name: string): Promise<void> {
    const { applications, table, warnBeforeMs } = this.#options;
    const application = applications.get(name);
    const state = table.stateOf(name);
    if (application === undefined || state === undefined) {
      this.#told.delete(name);
      return;
    }
    const observed = observedApplication(state, application.metadata.generation);
    const findings = findingsOf(observed, this.#now(), warnBeforeMs);
    const conditions = conditionsOf(observed, findings);
    const before = this.#told.get(name);
    this.#remember(name, findings);
    if (areKnown(conditions, application.memo)) return;
    const outcome = await this.#writer.write(application, conditions);
    if (outcome === "failed") {
      this.#waiting.add(name);
      this.#told.delete(name);
      await this.#pause(this.#pace.failed);
    } else if (outcome === "written" || outcome === "refused") {
      this.#tell(
        application,
        findings.filter((finding) => !before?.has(keyOf(finding))),
      );
      if (outcome === "written") await this.#pause(this.#pace.write);
    }
  }

  #tell({ apiVersion, kind, metadata }: KnownApplication, findings: readonly Finding[]): void {
    const { name, uid, resourceVersion } = metadata;
    const identity = { name, ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) };
    const about = { ...(apiVersion && { apiVersion }), ...(kind && { kind }), metadata: identity };
    for (const { reason, message } of findings) {
      this.#options.events.event(about, { type: "Warning", reason, message, action: "Configure" });
    }
  }

  #remember(name: string, findings: readonly Finding[]): void {
    if (findings.length === 0) this.#told.delete(name);
    else this.#told.set(name, new Set(findings.map(keyOf)));
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopped.signal, ref: false });
  }
}

function keyOf({ reason, message }: Finding): string {
  return `${reason} ${message}`;
}

/** Replicas that begin at the same moment begin with different Applications. */
function shuffled<T>(all: T[]): T[] {
  for (let last = all.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [all[last], all[other]] = [all[other] as T, all[last] as T];
  }
  return all;
}
