import { createHash } from "node:crypto";
import type { Application, ApplicationCondition } from "@application-connector/crds";
import type { Condition, StatedCondition } from "@application-connector/kube";
import { conditionTypes } from "./conditions.ts";

// A gateway may know ten thousand Applications. What their conditions say is kept as a digest, since when they hold as
// one line of text: enough to see that nothing has to be written, and to write without reading first.

const own: ReadonlySet<string> = new Set(conditionTypes);

/** What is kept of an Application's conditions: of those the gateway answers for, and of no others. */
export function memoOf(status: Application["status"]): string | undefined {
  const conditions = (status?.conditions ?? []).filter(({ type }) => own.has(type));
  if (conditions.length === 0) return undefined;
  const times = conditions.map(({ type, status, lastTransitionTime }) => `${type}=${status}@${lastTransitionTime}`);
  return [digestOf(conditions), ...times].join(" ");
}

/** Whether these are the conditions that the memo was made of, whenever they began. */
export function areKnown(stated: readonly StatedCondition[], memo: string | undefined): boolean {
  return memo?.startsWith(`${digestOf(stated)} `) === true;
}

/** As much of the conditions as tells since when each holds. */
export function conditionsFrom(memo: string | undefined): ApplicationCondition[] {
  return (memo ?? "")
    .split(" ")
    .slice(1)
    .flatMap((text) => {
      const [, type, status, lastTransitionTime] = /^(\w+)=(True|False|Unknown)@(\S+)$/.exec(text) ?? [];
      if (type === undefined || status === undefined || lastTransitionTime === undefined) return [];
      return [{ type, status: status as ApplicationCondition["status"], reason: "", message: "", lastTransitionTime }];
    });
}

/** The same for the same statements, whenever they began to hold and in whatever order they stand. */
export function digestOf(conditions: readonly (Condition | StatedCondition)[]): string {
  const said = conditions
    .map(({ type, status, reason = "", message = "", observedGeneration = 0 }) => [
      type,
      status,
      reason,
      message,
      observedGeneration,
    ])
    .sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(said)).digest("base64url").slice(0, 22);
}
