import { isDeepStrictEqual } from "node:util";
import type { Exchange, Observation, TargetConnectionSeen as Seen } from "./exchange.ts";

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
    why: "Node's parser loses what was read in one piece with a request that asks for an upgrade and gets none, as it may (RFC 9110, 7.8): its answer is the last of the connection, while the other engine goes on (libs/forward/README.md)",
    explains: ({ steps }) => {
      const sent = sentIn(steps);
      const [, behind = ""] = sent.split(/\r?\nupgrade:[^\0]*?\n\r?\n/i);
      return /^upgrade:/im.test(sent) && (behind !== "" || /\r\n\r\n[^\0]+\r\nupgrade:/i.test(sent));
    },
  },
  {
    what: "a broken body behind Expect: 100-continue",
    why: "a server may send the 100 or a final status (RFC 9110, 10.1.1): Node's parser reads a body that was not asked for yet, and finds it broken before there is a 100; the other engine reads none before it is wanted",
    explains: (_exchange, node, sockets) =>
      sockets.client[0] === "HTTP/1.1 100 Continue\r\n\r\n" &&
      node.client.every((text) => text.startsWith("HTTP/1.1 400 ")) &&
      sockets.client.slice(1).join() === node.client.join(),
  },
  {
    what: "an empty line behind a response",
    why: "a client may pass over it or not (RFC 9112, 2.2 grants that to servers): undici does; the other engine gives a connection up on which anything comes that was not asked for",
    explains: ({ replies }, node, sockets) =>
      isDeepStrictEqual(node.client, sockets.client) &&
      node.after === sockets.after &&
      replies.some(({ parts }) => /(?:[^\n]|\n\r\n)\r\n$/.test(parts.join(""))),
  },
  {
    what: "an empty line behind the last response of a connection",
    why: "as above; undici sends the next request on a connection that its target is closing, and then once more on another one (RFC 9112, 9.3.1), so that the replies are shared out differently",
    explains: ({ replies }, node, sockets) =>
      replies.some(({ parts, ending }) => ending !== "keep" && /(?:[^\n]|\n\r\n)\r\n$/.test(parts.join(""))) &&
      requestsOf(node).some((request) => timesIn(node, request) > 1 && timesIn(sockets, request) === 1),
  },
  {
    what: "CONNECT behind a request that is not answered yet",
    why: "nobody is asked to serve it (RFC 9110, 9.3.6); Node lets go of its connection at once, and what was asked before breaks, while the other engine answers that and then refuses (libs/forward/README.md)",
    explains: ({ steps }, node, sockets) =>
      /[^\0]CONNECT /.test(sentIn(steps)) &&
      node.client.every((text, index) => text === sockets.client[index]) &&
      node.target.length <= sockets.target.length,
  },
  {
    what: "the connection of a call that is given up before anything of it was sent",
    why: "a client may close a connection whenever it likes (RFC 9112, 9.5); undici does, the other engine keeps it for others",
    explains: ({ methods }, node, sockets) =>
      isDeepStrictEqual(node.client, sockets.client) &&
      // Whoever has left is not seen to be refused, but one of its requests has reached nobody.
      (sockets.after === "left"
        ? methods.length > requestsOf(sockets).length
        : lastHead(sockets).startsWith("HTTP/1.1 400 ")) &&
      sockets.target.at(-1)?.after === "kept" &&
      isDeepStrictEqual(node.target, sockets.target.with(-1, { ...(sockets.target.at(-1) as Seen), after: "ended" })),
  },
  {
    what: "white space behind a target's Content-Length",
    why: "it is no part of the value (RFC 9112, 5); undici counts it as a digit, and takes the body for one of another length",
    explains: ({ replies }, node, sockets) =>
      replies.some(({ parts }) => /^content-length:[ \t]*\d+[ \t]+\r?$/im.test(parts.join(""))) &&
      node.client.every((text, index) => text === sockets.client[index] || index === node.client.length - 1),
  },
  {
    what: "a client that has sent much ahead and goes",
    why: "64 KiB of what comes before its turn are read (RFC 9112, 9.3.2), and an end or a reset behind that is not seen until then; Node reads on for nothing behind what is no request",
    explains: ({ steps }, node, sockets) =>
      sentIn(steps).length > 64 * 1024 &&
      isDeepStrictEqual(node.client, sockets.client) &&
      isDeepStrictEqual(requestsOf(node), requestsOf(sockets)) &&
      (sockets.after === "silent" || sockets.after === "left"),
  },
  {
    what: "a request that breaks off",
    why: "a body is not there as a whole before its call begins, so whether the start of a bad one has left by then is up to the reads; it can't be taken for a whole one (RFC 9112, 8)",
    explains: ({ replies }, node, sockets) => {
      const all = [node, sockets].flatMap(({ target }) => target.flatMap(({ received }) => received));
      return (
        all.some(isBroken) &&
        isDeepStrictEqual(node.client, sockets.client) &&
        node.after === sockets.after &&
        replies.every(({ after }) => after === "request") &&
        isDeepStrictEqual(requestsOf(node), requestsOf(sockets))
      );
    },
  },
];

/** The whole ones. */
function requestsOf({ target }: Observation): string[] {
  return target.flatMap(({ received }) => received.filter((text) => !isBroken(text)));
}

function timesIn(seen: Observation, request: string): number {
  return requestsOf(seen).filter((other) => other === request).length;
}

/** What follows it is a body that an answer to HEAD should not have had, if its method could be read. */
function lastHead({ client }: Observation): string {
  return client.findLast((text) => text.startsWith("HTTP/1.1 ")) ?? "";
}

function isBroken(text: string): boolean {
  return text.endsWith("<broken off>");
}

function sentIn(steps: Exchange["steps"]): string {
  return steps.flatMap((step) => (step.kind === "send" ? step.text : [])).join("");
}
