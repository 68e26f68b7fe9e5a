import { applications } from "@application-connector/crds";
import {
  type Applier,
  applyStatus,
  type EventRecorder,
  KubeError,
  type KubeObject,
  type StatedCondition,
} from "@application-connector/kube";
import type { Service } from "@application-connector/service";
import { type LiveApplication, liveApplications, syncedCondition } from "../live/live-application.ts";
import type { Problem } from "../problem.ts";

export interface ApplicationReporterOptions {
  /** With a field manager of its own: the status has another author than the spec. */
  readonly applier: Applier;
  readonly events: EventRecorder;
  readonly log: Service["log"];
}

/** Tells in an Application's condition, and by an Event when it changes, whether it is as UCL describes it. */
export function createApplicationReporter({ applier, events, log }: ApplicationReporterOptions) {
  /** False on a cluster whose CRD knows no conditions: then Events are all there is. */
  let knowsConditions = true;
  let hasComplained = false;

  const isTold = ({ synced }: LiveApplication, problem: Problem | undefined): boolean => {
    if (!knowsConditions) return true;
    const { reason, message } = stated(problem);
    return synced?.reason === reason && synced?.message === message;
  };
  return {
    isTold,
    /** A condition that cannot be written is no failure of the Application. Returns the object's version afterwards. */
    async tell(live: LiveApplication, problem: Problem | undefined, signal: AbortSignal): Promise<string | undefined> {
      const { resourceVersion } = live.metadata;
      if (isTold(live, problem)) return resourceVersion;
      const isNew = problem !== undefined && live.synced?.message !== problem.message;
      if (isNew) events.event(live as KubeObject, { type: "Warning", ...problem, action: "Synchronize" });
      const known = { ...live, status: { conditions: live.synced ? [live.synced] : [] } };
      try {
        const status = { conditions: [stated(problem)] };
        const { object } = await applyStatus(applier, liveApplications, known, status, { signal });
        return object.metadata.resourceVersion;
      } catch (error) {
        signal.throwIfAborted();
        if (isUnknownField(error)) knowsConditions = false;
        if (!hasComplained) log.warn({ err: error, application: live.metadata.name }, "a condition cannot be written");
        hasComplained = true;
        return resourceVersion;
      }
    },
  };
}

export type ApplicationReporter = ReturnType<typeof createApplicationReporter>;

function stated(problem: Problem | undefined): StatedCondition {
  const type = syncedCondition;
  if (problem !== undefined) return { type, status: "False", ...problem };
  return { type, status: "True", reason: "Synced", message: `The ${applications.kind} is as UCL describes it.` };
}

/** The CRD of upstream has no conditions, or no status that is written on its own. */
const isUnknownField = (error: unknown): boolean =>
  error instanceof KubeError && (error.isNotFound || error.status === 400 || error.isInvalid);
