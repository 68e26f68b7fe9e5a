import type { RootField } from "../http/root-fields.ts";

/** Which requests a rule is for; what is left out matches everything. */
export interface FaultMatch {
  route?: Route;
  /** Name of a root field, such as `applicationsForRuntime`. */
  operation?: string;
  /** Which page of a paged root field: 0 is the first. */
  pageIndex?: number;
  /** Only the n-th request that matches otherwise, from 1. */
  nth?: number;
}

export type Route = "connector" | "director" | "token" | "pairing";

/** What goes wrong. Several may be combined; a delay comes first. */
export interface FaultAction {
  delayMs?: number;
  /** Answered by the gateway in front: nothing is executed unless `executed`. */
  status?: number;
  body?: "json" | "html" | "empty";
  /** The request is processed before it fails. */
  executed?: boolean;
  graphqlError?: { message: string; code?: number };
  /** Errors beside data that look complete. */
  partialData?: boolean;
  /** The connection breaks before or after the request was processed. */
  reset?: "before" | "after";
  /** The connection breaks in the middle of the body. */
  truncate?: boolean;
  /** Path into `data` whose value becomes null; `*` stands for every element of a list. */
  nullField?: string;
  /** Path into `data` and what stands there instead. */
  setField?: { path: string; value: unknown };
  /** TLS connections are refused while the rule lasts. */
  tlsAlert?: boolean;
  rateLimit?: boolean | { retryAfterS: number };
  /** No answer at all. */
  hang?: boolean;
  page?: PageFault;
}

/**
 * What is wrong with the page of a root field: an item is missing, stands there twice, the list claims to end here, the
 * cursor leads nowhere or back, the count is another one, or the page before comes again.
 */
export type PageFault = "drop" | "double" | "cut" | "noCursor" | "sameCursor" | "miscount" | "repeat";

export interface FaultRule {
  match?: FaultMatch;
  action: FaultAction;
  /** How often it strikes; always unless given. */
  times?: number;
}

export interface Faults {
  add(...rules: FaultRule[]): void;
  clear(): void;
  list(): FaultRule[];
  /** The action for a request, counted down. */
  take(route: Route, fields: readonly RootField[]): FaultAction | undefined;
  /** Whether a connection shall be refused, counted down. */
  refusesTls(): boolean;
}

export function createFaults(): Faults {
  let rules: { rule: FaultRule; seen: number; left: number }[] = [];
  const strike = (entry: { rule: FaultRule; left: number }): FaultAction => {
    entry.left -= 1;
    if (entry.left <= 0) rules = rules.filter((other) => other !== entry);
    return entry.rule.action;
  };
  return {
    add(...added) {
      for (const rule of added) rules.push({ rule, seen: 0, left: rule.times ?? Number.POSITIVE_INFINITY });
    },
    clear() {
      rules = [];
    },
    list: () => rules.map(({ rule, left }) => ({ ...rule, ...(Number.isFinite(left) ? { times: left } : {}) })),
    take(route, fields) {
      for (const entry of rules) {
        const { match = {}, action } = entry.rule;
        if (action.tlsAlert || !matches(match, route, fields)) continue;
        entry.seen += 1;
        if (match.nth !== undefined && match.nth !== entry.seen) continue;
        return strike(entry);
      }
      return undefined;
    },
    refusesTls() {
      const entry = rules.find(({ rule }) => rule.action.tlsAlert);
      if (entry === undefined) return false;
      strike(entry);
      return true;
    },
  };
}

function matches({ route, operation, pageIndex }: FaultMatch, actual: Route, fields: readonly RootField[]): boolean {
  if (route !== undefined && route !== actual) return false;
  if (operation === undefined && pageIndex === undefined) return true;
  return fields.some(
    (field) =>
      (operation === undefined || field.name === operation) &&
      (pageIndex === undefined || field.pageIndex === pageIndex),
  );
}
