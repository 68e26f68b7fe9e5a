import type { ApiEntry } from "../entries/api-entry.ts";
import type { ApplicationState } from "../entries/entry-table.ts";
import { certificateExpiry } from "../observe/metric-sources.ts";
import { isCallable } from "./callable.ts";
import type { ObservedApi, ObservedApplication } from "./conditions.ts";

export function observedApplication(
  { mistakes, entries }: ApplicationState,
  generation: number | undefined,
): ObservedApplication {
  return { generation, mistakes, apis: entries.map(observedApi) };
}

function observedApi(entry: ApiEntry): ObservedApi {
  const { serviceSegment, entrySegment } = entry.candidate;
  return {
    path: entrySegment === "" ? `/${serviceSegment}` : `/${serviceSegment}/${entrySegment}`,
    callable: isCallable(entry),
    mistakes: entry.mistakes,
    certificateExpiresAt: certificateExpiry(entry),
  };
}
