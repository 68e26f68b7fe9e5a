import { type Applier, applyStatus, KubeError, type StatedCondition } from "@application-connector/kube";
import { type KnownApplication, knownApplications } from "./known-application.ts";
import { conditionsFrom, digestOf } from "./known-conditions.ts";

/**
 * `written`: the conditions are new. `unchanged`: somebody had written the same meanwhile. `held`: somebody else keeps
 * writing other ones. `refused`: the API server does not let us. `failed`: it could not be reached.
 */
export type WriteOutcome = "written" | "unchanged" | "held" | "refused" | "failed";

export interface StatusWriterOptions {
  readonly applier: Applier;
  readonly log: { warn(fields: object, message: string): void };
  readonly now: () => number;
  /** How long nothing is tried after the API server has refused. */
  readonly refusedMs: number;
  readonly signal: AbortSignal;
}

/** A replica of another version, say: it is outwaited, and not fought. */
const firstHoldMs = 10_000;
const longestHoldMs = 60 * 60_000;
const mostRemembered = 1_000;

interface Written {
  readonly digest: string;
  readonly times: number;
  readonly notBefore: number;
}

/** Writes conditions with server-side apply, without a read before, and takes no for an answer. */
export class StatusWriter {
  readonly #options: StatusWriterOptions;
  readonly #written = new Map<string, Written>();
  #refusedUntil = 0;
  #isRefused = false;

  constructor(options: StatusWriterOptions) {
    this.#options = options;
  }

  async write(application: KnownApplication, conditions: readonly StatedCondition[]): Promise<WriteOutcome> {
    const { applier, log, now, refusedMs, signal } = this.#options;
    const { name } = application.metadata;
    const digest = digestOf(conditions);
    const before = this.#written.get(name);
    const isRepeated = before?.digest === digest;
    if (isRepeated && now() < before.notBefore) return "held";
    if (now() < this.#refusedUntil) return "refused";
    const live = { ...application, status: { conditions: conditionsFrom(application.memo) } };
    try {
      const { changed } = await applyStatus(applier, knownApplications, live, { conditions }, { signal });
      this.#isRefused = false;
      this.#remember(name, digest, isRepeated ? before.times + 1 : 0);
      return changed ? "written" : "unchanged";
    } catch (error) {
      // Deleted, or another one of this name by now: the watch will say so.
      if (error instanceof KubeError && (error.isNotFound || error.isConflict)) return "unchanged";
      if (!(error instanceof KubeError) || error.isTransient) return "failed";
      this.#refusedUntil = now() + refusedMs;
      if (!this.#isRefused) {
        const remedy = "allow the gateway to patch applications/status, or set --reportStatus=false";
        log.warn({ application: name, err: error, remedy }, "conditions of Applications can't be written");
      }
      this.#isRefused = true;
      return "refused";
    }
  }

  #remember(name: string, digest: string, times: number): void {
    const notBefore = this.#options.now() + Math.min(firstHoldMs * 2 ** times, longestHoldMs);
    this.#written.delete(name);
    this.#written.set(name, { digest, times, notBefore });
    if (this.#written.size > mostRemembered) this.#written.delete(this.#written.keys().next().value as string);
  }
}
