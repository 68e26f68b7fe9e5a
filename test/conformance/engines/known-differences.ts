import { isDeepStrictEqual } from "node:util";
import type { Exchange, Observation } from "./exchange.ts";

interface KnownDifference {
  readonly what: string;
  readonly why: string;
  /** Whether it explains the difference between these two. */
  explains(exchange: Exchange, node: Observation, sockets: Observation): boolean;
}

/** Where the engines differ and may. Everything else is a mistake of one of them. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    what: "Upgrade amid other bytes",
    why: "Node's parser loses what was read in one piece with a request that asks for an upgrade and gets none: its answer is the last of the connection, while the other engine goes on (libs/forward/README.md)",
    explains: ({ steps }) => {
      const sent = steps.flatMap((step) => (step.kind === "send" ? step.text : [])).join("");
      const [, behind = ""] = sent.split(/\r?\nupgrade:[^\0]*?\n\r?\n/i);
      return /^upgrade:/im.test(sent) && (behind !== "" || /\r\n\r\n[^\0]+\r\nupgrade:/i.test(sent));
    },
  },
  {
    what: "a broken body behind Expect: 100-continue",
    why: "Node's parser reads a body that was not asked for yet, and finds it broken before there is a 100; the other engine reads none before it is wanted",
    explains: (_exchange, node, sockets) =>
      sockets.client[0] === "HTTP/1.1 100 Continue\r\n\r\n" &&
      node.client.every((text) => text.startsWith("HTTP/1.1 400 ")) &&
      sockets.client.slice(1).join() === node.client.join(),
  },
  {
    what: "an empty line behind a response",
    why: "undici passes over it; the other engine gives a connection up on which anything comes that was not asked for",
    explains: ({ replies }, node, sockets) =>
      isDeepStrictEqual(node.client, sockets.client) &&
      node.after === sockets.after &&
      replies.some(({ parts }) => /(?:[^\n]|\n\r\n)\r\n$/.test(parts.join(""))),
  },
];
