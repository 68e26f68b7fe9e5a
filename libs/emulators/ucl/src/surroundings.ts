import type { Faults } from "./faults/faults.ts";
import type { Journal } from "./http/journal.ts";
import type { RootField } from "./http/root-fields.ts";

/** What every route needs beside the world. */
export interface Surroundings {
  readonly faults: Faults;
  readonly journal: Journal;
  readonly stopped: AbortSignal;
  /** To be called when a page was made, for what shall happen between two pages. */
  pageServed(field: RootField): void;
}
