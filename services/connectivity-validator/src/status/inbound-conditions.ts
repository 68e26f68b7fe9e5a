import type { ApplicationCondition } from "@application-connector/crds";
import type { StatedCondition } from "@application-connector/kube";
import type { ApplicationStats } from "../observe/application-stats.ts";

/** The conditions that the validator writes, when it is allowed to. */
export const inboundConditionTypes: ReadonlySet<string> = new Set(["EventsAccepted", "EventsRefused"]);

/** What a replica has seen of an Application. */
export type Seen = Pick<ApplicationStats, "lastAcceptedMs" | "lastRefusal">;

/**
 * What is to be written: undefined when the status is as good as what this replica knows. Replicas see different
 * requests; what is later counts, and no later one than so many ms is worth a write, whichever replica made the last.
 */
export function dueConditions(
  seen: Seen,
  live: readonly ApplicationCondition[],
  intervalMs: number,
): StatedCondition[] | undefined {
  const known = { accepted: find(live, "EventsAccepted"), refused: find(live, "EventsRefused") };
  const { lastAcceptedMs, lastRefusal } = seen;
  const isNew = (atMs: number | undefined, condition: ApplicationCondition | undefined): boolean =>
    atMs !== undefined && atMs >= timeOf(condition) + intervalMs;
  const accepted = isNew(lastAcceptedMs, known.accepted);
  const refused = isNew(lastRefusal?.atMs, known.refused);
  if (!accepted && !refused) return undefined;
  // All are stated each time: what is left out would go.
  return [
    accepted ? acceptedAt(lastAcceptedMs as number) : restated(known.accepted),
    refused ? refusedAt(lastRefusal as NonNullable<Seen["lastRefusal"]>) : restated(known.refused),
  ].filter((condition) => condition !== undefined);
}

function acceptedAt(atMs: number): StatedCondition {
  const message = `The last event was accepted at ${timeText(atMs)}`;
  return { type: "EventsAccepted", status: "True", reason: "EventAccepted", message };
}

function refusedAt({ atMs, reason }: NonNullable<Seen["lastRefusal"]>): StatedCondition {
  const message = `The last refusal was at ${timeText(atMs)}: ${reason}`;
  return { type: "EventsRefused", status: "True", reason: camelCase(reason), message };
}

function restated(condition: ApplicationCondition | undefined): StatedCondition | undefined {
  if (condition === undefined) return undefined;
  const { type, status, reason, message } = condition;
  return { type, status, reason, message };
}

const find = (live: readonly ApplicationCondition[], type: string) => live.find((condition) => condition.type === type);

const timeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** When a condition of ours says that it was; long ago when it does not. */
function timeOf(condition: ApplicationCondition | undefined): number {
  const ms = Date.parse(/ at (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)/.exec(condition?.message ?? "")?.[1] ?? "");
  return Number.isNaN(ms) ? Number.NEGATIVE_INFINITY : ms;
}

const camelCase = (token: string): string =>
  token
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
