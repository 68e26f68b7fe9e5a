import type { ApiEntry } from "../entries/api-entry.ts";

/** Whether calls reach the target as far as the configuration goes. */
export function isCallable({ state, mistakes }: ApiEntry): boolean {
  return (
    state.api !== undefined &&
    !mistakes.some(({ reason }) => reason === "NameAmbiguous" || reason === "NameUnaddressable")
  );
}
