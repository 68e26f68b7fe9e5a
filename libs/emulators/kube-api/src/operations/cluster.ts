import type { Kinds } from "../kinds/kinds.ts";
import type { Store } from "../store/store.ts";

/** What every operation works on. */
export interface Cluster {
  store: Store;
  kinds: Kinds;
  now: () => number;
}

/** How a write is meant, beyond the object itself. */
export interface WriteOptions {
  /** Who is recorded in managedFields. */
  manager: string;
  subresource?: string | undefined;
  /** What is written came out of a patch or an apply: a wrong uid is then a change of it, and no lost race. */
  isPatch?: boolean;
  dryRun?: boolean;
}
