import type { StatedCondition } from "@application-connector/kube";
import type { Problem } from "../problem.ts";

const named = 5;

export const fetched = (applications: number, pages: number): StatedCondition => ({
  type: "Fetched",
  status: "True",
  reason: "Fetched",
  message: `UCL knows ${count(applications, "application")} of this runtime, in ${count(pages, "page")}.`,
});

export const notFetched = (error: Error): StatedCondition => ({
  type: "Fetched",
  status: "False",
  reason: "FetchFailed",
  message: error.message,
});

export interface AppliedCounts {
  readonly desired: number;
  /** What is wrong, by the name of an Application, or the id in UCL of one that has none. */
  readonly problems: ReadonlyMap<string, Problem>;
  /** Deletions that the guard held back, of so many managed ones. */
  readonly heldBack: number;
  readonly managed: number;
}

export function applied({ desired, problems, heldBack, managed }: AppliedCounts): StatedCondition {
  const type = "ApplicationsApplied";
  if (heldBack > 0) {
    const message = `${heldBack} of ${count(managed, "Application")} would be deleted, which is more than allowed at once. If that is right, set spec.resyncNow.`;
    return { type, status: "False", reason: "DeletionGuard", message };
  }
  if (problems.size === 0) {
    const message = `${count(desired, "application")} ${desired === 1 ? "is" : "are"} as UCL describes ${desired === 1 ? "it" : "them"}.`;
    return { type, status: "True", reason: "Applied", message };
  }
  const first = [...problems].slice(0, named).map(([name, { reason, message }]) => `${name} (${reason}: ${message})`);
  const more = problems.size > named ? `, and ${problems.size - named} more` : "";
  const message = `${problems.size} of ${count(desired, "application")} ${problems.size === 1 ? "has a problem" : "have problems"}: ${first.join(", ")}${more}.`;
  return { type, status: "False", reason: "PartlyApplied", message };
}

export const refused = (error: Error): StatedCondition => ({
  type: "ApplicationsApplied",
  status: "False",
  reason: "ApplyRefused",
  message: error.message,
});

export const reported: StatedCondition = {
  type: "MetadataReported",
  status: "True",
  reason: "Reported",
  message: "UCL knows the URLs of this runtime.",
};

export const notReported = (error: Error): StatedCondition => ({
  type: "MetadataReported",
  status: "False",
  reason: "ReportFailed",
  message: error.message,
});

/** In a dry run: what would be done, and that nothing was. */
export function dryRun(creates: number, updates: number, deletes: number): StatedCondition[] {
  const message = `Nothing is written: ${creates} would be created, ${updates} updated, ${deletes} deleted. GET /plan lists them.`;
  const idle = { status: "Unknown", reason: "DryRun", message: "Nothing is written in a dry run." } as const;
  return [
    { type: "ApplicationsApplied", ...idle },
    { type: "MetadataReported", ...idle },
    { type: "DryRun", status: "True", reason: "DryRun", message },
  ];
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
