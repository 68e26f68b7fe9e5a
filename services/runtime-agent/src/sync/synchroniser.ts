import type { Client, EventRecorder, Informers, StatedCondition } from "@application-connector/kube";
import type { Service } from "@application-connector/service";
import type { UclTransport } from "@application-connector/ucl";
import type { Config } from "../config.ts";

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
}

/** Mirrors the applications of the Director. Rounds and repairs never run at the same time. */
export interface Synchroniser {
  /** Never throws for what UCL or the API server do. */
  round(round: Round): Promise<RoundOutcome>;
  /** Of the last round, in a dry run. */
  readonly plan: Plan | undefined;
  stop(): Promise<void>;
}
