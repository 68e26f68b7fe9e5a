import type { Candidate } from "../entries/candidate.ts";
import type { Mistake } from "../entries/mistake.ts";
import { labelsOf } from "./entry-stats.ts";

interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Says what is wrong with an API, once per change, and when all is well again. */
export function createConfigurationLog(log: Log) {
  return (candidate: Candidate, mistakes: readonly Mistake[]): void => {
    const labels = labelsOf(candidate);
    if (mistakes.length === 0) log.info(labels, "the API is well configured again");
    else log.warn({ ...labels, mistakes: mistakes.map(({ message }) => message) }, "the API is not well configured");
  };
}
