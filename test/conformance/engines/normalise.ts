import type { Observation } from "./exchange.ts";

interface Normalisation {
  readonly name: string;
  readonly why: string;
  apply(text: string): string;
}

/** All that may differ between two plays of the same exchange, whoever plays it. Bodies in chunks: see `readMessages`. */
export const normalisations: readonly Normalisation[] = [
  {
    name: "the time",
    why: "it goes on between two plays",
    apply: (text) => text.replace(/^date: \w{3}, \d\d \w{3} 20\d\d \d\d:\d\d:\d\d GMT\r$/gim, "Date: <now>\r"),
  },
  {
    name: "ids of requests",
    why: "one that the client does not bring is made up, and no two are alike",
    apply: (text) => text.replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "<id>"),
  },
];

/**
 * How a connection ends amid a response. The kernel makes a reset of the end of a socket with something unread, and what had
 * been read at that moment is chance; in either case the client can't take what it has for the whole.
 */
function endOf(client: readonly string[], after: Observation["after"]): Observation["after"] {
  return after === "reset" && client.at(-1)?.endsWith("<broken off>") ? "closed" : after;
}

export function normalised({ client, after, target }: Observation): Observation {
  const plain = (text: string): string => normalisations.reduce((current, { apply }) => apply(current), text);
  return {
    client: client.map(plain),
    after: endOf(client, after),
    target: target.map((connection) => ({ received: connection.received.map(plain), after: connection.after })),
  };
}
