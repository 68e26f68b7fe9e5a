import type { Exchange } from "../exchange.ts";

/** Stands before a route. True when it answered itself and the route must not run. */
export type Guard = (exchange: Exchange, argument: string) => boolean | Promise<boolean>;

export interface GuardedPath {
  guards: { name: GuardName; argument: string }[];
  /** What remains for the route, query included. */
  rest: string;
}

const names = ["basic", "oauth", "csrf", "signed", "aws", "once"] as const;
export type GuardName = (typeof names)[number];

/**
 * Splits `/once/401/basic/echo` into its guards and `/echo`. Guards are path prefixes, so each protects every route and
 * they can be combined.
 */
export function splitGuards(target: string): GuardedPath {
  const guards: GuardedPath["guards"] = [];
  let rest = target;
  for (;;) {
    const match = /^\/(?:(basic|oauth|csrf|signed|aws)|(once)\/(\d{3}(?:x\d{1,6})?))(?=[/?]|$)/.exec(rest);
    if (match === null) return { guards, rest: rest.startsWith("/") ? rest : `/${rest}` };
    const name = names.find((candidate) => candidate === (match[1] ?? match[2]));
    if (name !== undefined) guards.push({ name, argument: match[3] ?? "" });
    rest = rest.slice(match[0].length);
  }
}
