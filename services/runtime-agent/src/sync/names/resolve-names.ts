import type { Problem } from "../problem.ts";
import { nameProblem } from "./application-name.ts";

export type NameConflictPolicy = "isolate" | "fail";

/** Two applications want one name, and the policy says that then nothing is applied. */
export class NameConflictError extends Error {
  override readonly name = "NameConflictError";
}

interface Named {
  readonly id: string;
  readonly name: string;
}

export interface ResolvedNames<T extends Named> {
  /** Who has which name. */
  readonly winners: ReadonlyMap<string, T>;
  /** Who has none, by id, and why. */
  readonly losers: ReadonlyMap<string, Problem>;
}

/**
 * Gives each name to one application: to the one that has it in the cluster, else to the lowest id.
 *
 * @param holderOf the id of the application that an existing Application of this name was made for
 * @throws {NameConflictError} by policy
 */
export function resolveNames<T extends Named>(
  applications: Iterable<T>,
  holderOf: (name: string) => string | undefined,
  policy: NameConflictPolicy,
): ResolvedNames<T> {
  const losers = new Map<string, Problem>();
  const claims = new Map<string, T[]>();
  for (const application of applications) {
    const { id, name } = application;
    const problem = nameProblem(name);
    if (problem !== undefined) {
      losers.set(id, {
        reason: "InvalidName",
        message: `the name ${JSON.stringify(shown(name))} cannot be used: ${problem}`,
      });
      continue;
    }
    const claim = claims.get(name);
    if (claim === undefined) claims.set(name, [application]);
    else claim.push(application);
  }
  const winners = new Map<string, T>();
  for (const [name, claim] of claims) {
    if (claim.length > 1 && policy === "fail") {
      throw new NameConflictError(
        `the applications ${claim.map(({ id }) => id).join(" and ")} all have the name ${name}`,
      );
    }
    const holder = claim.length > 1 ? holderOf(name) : undefined;
    const winner = claim.find(({ id }) => id === holder) ?? lowest(claim);
    winners.set(name, winner);
    for (const { id } of claim) {
      if (id === winner.id) continue;
      losers.set(id, {
        reason: "NameConflict",
        message: `the name ${name} of the application ${id} is that of ${winner.id}`,
      });
    }
  }
  return { winners, losers };
}

const lowest = <T extends Named>(claim: readonly T[]): T =>
  claim.reduce((one, other) => (other.id < one.id ? other : one));

const shown = (name: string): string => (name.length > 80 ? `${name.slice(0, 80)}…` : name);
