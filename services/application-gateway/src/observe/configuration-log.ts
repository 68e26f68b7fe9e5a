import type { EntryTableOptions } from "../entries/entry-table.ts";
import type { Mistake } from "../entries/mistake.ts";
import { labelsOf } from "./entry-stats.ts";

interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Says what is wrong with an API or an Application, once per change, and when all is well again. */
export function createConfigurationLog(log: Log): Pick<EntryTableOptions, "onMistakes" | "onApplicationMistakes"> {
  return {
    onMistakes(candidate, mistakes) {
      const labels = labelsOf(candidate);
      if (mistakes.length === 0) log.info(labels, "the API is well configured again");
      else log.warn({ ...labels, mistakes: textsOf(mistakes) }, "the API is not well configured");
    },
    onApplicationMistakes(application, mistakes) {
      if (mistakes.length === 0) log.info({ application }, "the Application is well configured again");
      else log.warn({ application, mistakes: textsOf(mistakes) }, "the Application is not well configured");
    },
  };
}

function textsOf(mistakes: readonly Mistake[]): string[] {
  return mistakes.map(({ message }) => message);
}
