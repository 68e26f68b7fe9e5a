import type { Client } from "@application-connector/kube";
import type { Config } from "../config.ts";
import type { EntryTable } from "../entries/entry-table.ts";
import { accessReviewGuard } from "./access-review-guard.ts";
import type { Guard } from "./guard.ts";
import { tokenFileGuard } from "./token-file-guard.ts";

export const apisPath = "/v1/apis";

/** Who may see how which APIs are called. */
export interface Diagnosis {
  readonly table: EntryTable;
  readonly guard: Guard;
}

/** Undefined unless it is asked for: then there is none. */
export function diagnosisOf(
  { diagnosis, diagnosisTokenFile }: Config,
  client: Client,
  table: EntryTable,
): Diagnosis | undefined {
  if (diagnosis === "off") return undefined;
  const guard = diagnosis === "token" ? tokenFileGuard(diagnosisTokenFile) : accessReviewGuard(client, apisPath);
  return { table, guard };
}
