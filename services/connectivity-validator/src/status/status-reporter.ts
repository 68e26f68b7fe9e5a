import { setTimeout as sleep } from "node:timers/promises";
import type { Application, ApplicationCondition } from "@application-connector/crds";
import { type Applier, applyStatus, KubeError } from "@application-connector/kube";
import type { Service } from "@application-connector/service";
import type { InboundApplication } from "../applications/application.ts";
import { inboundApplications } from "../applications/application-cache.ts";
import { dueConditions } from "./inbound-conditions.ts";

export interface StatusReporterOptions {
  readonly applications: { all(): Iterable<InboundApplication> };
  /** The object as it is known now, with the conditions of `inboundConditionTypes`. */
  readonly live: (name: string) => Application | undefined;
  readonly applier: Applier;
  readonly log: Pick<Service["log"], "warn">;
  /** How often one Application is written at most, by all replicas together. */
  readonly intervalMs: number;
}

/** Between two writes. */
const paceMs = 200;
/** How long nothing is written after the API server has refused. */
const refusedMs = 600_000;

export interface StatusReporter {
  stop(): Promise<void>;
}

/**
 * Writes when events of an Application were accepted last, and why they were refused, into its status. In the
 * background and one after the other; no request waits for it, and what cannot be written is lost.
 */
export function startStatusReporter(options: StatusReporterOptions): StatusReporter {
  const { applications, log, intervalMs } = options;
  const stopped = new AbortController();
  const { signal } = stopped;
  const pause = (ms: number) => sleep(ms, undefined, { signal, ref: false });

  const run = async (): Promise<void> => {
    for (let told = false; ; await pause(Math.min(intervalMs, 10_000))) {
      for (const { name, stats } of [...applications.all()]) {
        const outcome = await report(name, stats, options, signal);
        if (outcome === "written") await pause(paceMs);
        if (!(outcome instanceof KubeError)) continue;
        if (outcome.isTransient) break;
        const remedy = "allow to patch applications/status, or leave --applicationStatus away";
        if (!told) log.warn({ error: outcome.message, remedy }, "The status of applications cannot be written.");
        told = true;
        await pause(refusedMs);
        break;
      }
    }
  };
  const running = run().catch((error: unknown) => {
    if (!signal.aborted) log.warn({ err: error }, "The status of applications is not written any more.");
  });
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}

async function report(
  name: string,
  stats: InboundApplication["stats"],
  { live, applier, intervalMs }: StatusReporterOptions,
  signal: AbortSignal,
): Promise<"nothing" | "written" | KubeError> {
  const object = live(name);
  if (object === undefined) return "nothing";
  const conditions = dueConditions(stats, conditionsOf(object), intervalMs);
  if (conditions === undefined) return "nothing";
  try {
    await applyStatus(applier, inboundApplications, object, { conditions }, { signal });
    return "written";
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    // Deleted, or another one of this name by now: the watch will say so.
    return error.isNotFound || error.isConflict ? "nothing" : error;
  }
}

const conditionsOf = ({ status }: Application): readonly ApplicationCondition[] => status?.conditions ?? [];
