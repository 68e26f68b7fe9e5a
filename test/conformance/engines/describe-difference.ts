import type { Pair } from "./compare.ts";
import type { Exchange, Observation } from "./exchange.ts";

const longest = 250;

/** A difference for whoever has to find its cause: the bytes of the exchange, and what came of them on each engine. */
export function describeDifference(exchange: Exchange, { node, sockets }: Pair): string {
  return [
    `exchange: ${JSON.stringify(exchange, shortened)}`,
    ...differing(node, sockets).map(({ what, one, other }) => `${what}\n  node:    ${one}\n  sockets: ${other}`),
  ].join("\n");
}

function differing(node: Observation, sockets: Observation): { what: string; one: string; other: string }[] {
  const [one, other] = [linesOf(node), linesOf(sockets)];
  const names = new Set([...one.keys(), ...other.keys()]);
  return [...names]
    .filter((name) => one.get(name) !== other.get(name))
    .map((what) => {
      const [a, b] = [one.get(what) ?? "(nothing)", other.get(what) ?? "(nothing)"];
      const from = Math.max(0, firstDifference(a, b) - longest);
      const part = (text: string): string => JSON.stringify(text.slice(from, from + 2 * longest));
      return { what, one: part(a), other: part(b) };
    });
}

function linesOf({ client, after, target }: Observation): Map<string, string> {
  return new Map([
    ...client.map((text, index) => [`to the client, message ${index + 1}`, text] as const),
    ["the client's connection", after],
    ...target.flatMap(({ received, after: end }, connection) => [
      ...received.map((text, index) => [`target's connection ${connection + 1}, message ${index + 1}`, text] as const),
      [`target's connection ${connection + 1}`, end] as const,
    ]),
  ]);
}

function firstDifference(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

function shortened(_key: string, value: unknown): unknown {
  if (typeof value !== "string" || value.length <= 900) return value;
  return `${value.slice(0, 500)}…${value.length - 800} more…${value.slice(-300)}`;
}
