import type { Condition } from "../resources/types.ts";

/** A condition as a controller states it; since when it holds is worked out. */
export type StatedCondition = Omit<Condition, "lastTransitionTime"> & { lastTransitionTime?: string | undefined };

const longestMessage = 32_768;
const reasonPattern = /^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/;

/**
 * The list with one condition set as metav1 asks for: `lastTransitionTime` moves only with the status, everything else
 * keeps its place, what is new comes last. Returns the list itself when nothing changes.
 *
 * @throws {TypeError} for a reason the API would refuse
 */
export function setCondition(
  conditions: readonly Condition[] | undefined,
  stated: StatedCondition,
  now: Date = new Date(),
): readonly Condition[] {
  const known = conditions ?? [];
  const old = known.find(({ type }) => type === stated.type);
  const condition = complete(stated, old, now);
  if (old === undefined) return [...known, condition];
  return sameCondition(old, condition) ? known : known.map((other) => (other === old ? condition : other));
}

/** Sets several; the list itself when nothing changes. */
export function setConditions(
  conditions: readonly Condition[] | undefined,
  stated: readonly StatedCondition[],
  now: Date = new Date(),
): readonly Condition[] {
  return stated.reduce<readonly Condition[]>((list, condition) => setCondition(list, condition, now), conditions ?? []);
}

/** The list without the conditions of a type; the list itself when there is none. */
export function removeCondition(conditions: readonly Condition[] | undefined, type: string): readonly Condition[] {
  const known = conditions ?? [];
  return known.some((condition) => condition.type === type) ? known.filter((other) => other.type !== type) : known;
}

export const findCondition = (conditions: readonly Condition[] | undefined, type: string): Condition | undefined =>
  conditions?.find((condition) => condition.type === type);

export const isConditionTrue = (conditions: readonly Condition[] | undefined, type: string): boolean =>
  findCondition(conditions, type)?.status === "True";

/** The same statement, whenever it was made. */
export function sameCondition(a: Condition, b: Condition): boolean {
  return (
    a.type === b.type &&
    a.status === b.status &&
    a.reason === b.reason &&
    a.message === b.message &&
    a.observedGeneration === b.observedGeneration
  );
}

function complete(stated: StatedCondition, old: Condition | undefined, now: Date): Condition {
  const { type, status, reason = "", message = "", observedGeneration = old?.observedGeneration } = stated;
  if (!reasonPattern.test(reason) || reason.length > 1024) {
    throw new TypeError(`the reason "${reason}" of the condition ${type} must be one word in CamelCase`);
  }
  const since = old?.status === status ? old.lastTransitionTime : stated.lastTransitionTime;
  return {
    type,
    status,
    reason,
    message: shortened(message, longestMessage),
    lastTransitionTime: since ?? wholeSeconds(now),
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
  };
}

/** Cut to so many characters, without half of a surrogate pair at the end. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** metav1.Time knows no fractions. */
export const wholeSeconds = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
