import type { ApplicationConnector } from "@application-connector/crds";
import { specMistake } from "../settings/spec-mistake.ts";

/** Which object is followed, and why the others are not. */
export interface Election {
  readonly served: ApplicationConnector | undefined;
  /** The one that comes next, when the served one is being deleted. */
  readonly heir: ApplicationConnector | undefined;
  readonly declined: readonly Declined[];
}

export interface Declined {
  readonly object: ApplicationConnector;
  readonly reason: "Duplicated" | "NamespaceNotSupported" | "InvalidSpec";
  readonly message: string;
}

/**
 * One object is followed: the one that is already, else the oldest that can be, else the oldest. A namespace other than
 * the manager's has no say.
 */
export function elect(objects: readonly ApplicationConnector[], namespace: string): Election {
  const candidates = objects.filter(({ metadata }) => metadata.namespace === namespace).sort(bySeniority);
  const [served, ...others] = candidates;
  const heir = others.find(({ metadata }) => metadata.deletionTimestamp === undefined);
  return {
    served,
    heir,
    declined: [
      ...others.map((object) => declineDuplicate(object, served as ApplicationConnector)),
      ...objects
        .filter(({ metadata }) => metadata.namespace !== namespace)
        .map((object) => ({
          object,
          reason: "NamespaceNotSupported" as const,
          message: `an ApplicationConnector has to be in the namespace ${namespace}: create it there and remove this one`,
        })),
    ],
  };
}

function declineDuplicate(object: ApplicationConnector, served: ApplicationConnector): Declined {
  const mistake = specMistake(object);
  if (mistake !== undefined) return { object, reason: "InvalidSpec", message: mistake };
  const { name, namespace } = served.metadata;
  return {
    object,
    reason: "Duplicated",
    message: `Only one instance of ApplicationConnector is served, which is ${namespace}/${name}: remove this one`,
  };
}

function bySeniority(a: ApplicationConnector, b: ApplicationConnector): number {
  return rank(a) - rank(b) || compare(ageOf(a), ageOf(b)) || compare(a.metadata.name, b.metadata.name);
}

/** What is served stays so. What cannot be read comes last. */
function rank(object: ApplicationConnector): number {
  if (object.status?.served === "True") return 0;
  if (object.metadata.deletionTimestamp !== undefined) return 3;
  return specMistake(object) === undefined ? 1 : 2;
}

const ageOf = ({ metadata }: ApplicationConnector): string => metadata.creationTimestamp ?? "";
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
