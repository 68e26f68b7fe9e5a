import type { StatedCondition } from "@application-connector/kube";
import type { Finding } from "./finding.ts";

export type State = "Ready" | "Processing" | "Warning" | "Error" | "Deleting";

/** What a finding says in the fields that upstream has, and in one summary for people and GitOps tools. */
export interface Summary {
  readonly state: State;
  readonly conditions: readonly StatedCondition[];
}

const readyMessage = "application-connector-manager ready";
const verifyingMessage = "verification in progress";

export function summaryOf(finding: Finding): Summary {
  switch (finding.kind) {
    case "initialized":
      return summary("Processing", installed("Unknown", "Initialized", "initialized"), "Unknown");
    case "verifying":
      return summary("Processing", installed("Unknown", "Verification", verifyingMessage), "False", finding.detail);
    case "ready":
      return summary("Ready", installed("True", "Verified", readyMessage), "True");
    case "failed":
      return summary(finding.state, installed("False", finding.reason, finding.message), "False", finding.detail);
    case "deleting":
      return summary("Deleting", deletion, "False", finding.detail, deleted("Unknown", "Deletion", finding.detail));
    case "blocked":
      return summary(
        "Warning",
        deletion,
        "False",
        finding.detail,
        deleted("False", "ApplicationsExist", finding.detail),
      );
    case "deletion failed": {
      const condition = installed("False", "DeletionErr", "installation error");
      return summary("Error", condition, "False", finding.detail, deleted("False", "DeletionErr", finding.detail));
    }
  }
}

const installed = (status: StatedCondition["status"], reason: string, message: string): StatedCondition => ({
  type: "Installed",
  status,
  reason,
  message,
});

const deletion = installed("Unknown", "Deletion", "deletion in progress");

const deleted = (status: StatedCondition["status"], reason: string, message: string): StatedCondition => ({
  type: "Deleted",
  status,
  reason,
  message,
});

function summary(
  state: State,
  condition: StatedCondition,
  ready: StatedCondition["status"],
  detail = condition.message ?? "",
  ...more: StatedCondition[]
): Summary {
  const reason = more[0]?.reason ?? condition.reason ?? "";
  return { state, conditions: [condition, { type: "Ready", status: ready, reason, message: detail }, ...more] };
}
