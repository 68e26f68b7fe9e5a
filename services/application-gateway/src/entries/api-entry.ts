import type { Problem } from "@application-connector/problem";
import type { EntryStats, Labels } from "../observe/entry-stats.ts";
import type { Api } from "./api.ts";
import type { Candidate } from "./candidate.ts";
import type { Mistake } from "./mistake.ts";

/** What a path leads to: stays while the Application is unchanged, while `state` follows its Secrets. */
export interface ApiEntry {
  readonly candidate: Candidate;
  /** What its calls are logged and counted under. Made at the first: most of many thousand entries are rarely called. */
  labels: Labels | undefined;
  stats: EntryStats | undefined;
  state: ApiState;
  /** What was last reported to be wrong with it. */
  mistakes: readonly Mistake[];
}

export type ApiState =
  | { readonly api: Api; readonly problem?: undefined }
  /** Why calls can't be made; each is answered with it. */
  | { readonly api?: undefined; readonly problem: Problem };

/** Where a path ends: one entry, or several that can't be told apart. */
export type Route =
  | { readonly entry: ApiEntry; readonly prefix: string; readonly problem?: undefined }
  | { readonly entry?: undefined; readonly problem: Problem };
