import { parseGoDuration } from "@application-connector/service";

const longestMs = 24 * 3_600_000;

/** A Go duration as the whole seconds that flags take, rounded up; undefined when it is none, not positive or too long. */
export function wholeSeconds(duration: string): number | undefined {
  const ms = parseGoDuration(duration);
  return ms !== undefined && ms > 0 && ms <= longestMs ? Math.ceil(ms / 1000) : undefined;
}
