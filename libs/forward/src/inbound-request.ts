import { IncomingMessage } from "node:http";
import type { Malformation } from "./door.ts";
import type { NodeStream } from "./node-stream.ts";
import { type RequestHead, readRequestHead } from "./request-head.ts";

const empty = Object.freeze({});
const framed = Object.freeze({ "content-length": "" });

/**
 * The server's request without the object of joined headers that Node builds for questions of its own: is there a body,
 * and does somebody expect something. The raw list answers the first in one walk; the expectation is met later, when
 * the body is wanted.
 */
export class InboundRequest extends IncomingMessage {
  stream: NodeStream | undefined = undefined;
  /** It asks for an upgrade, and is served as if it did not. */
  upgradeIgnored = false;
  private framing: RequestHead | Malformation | undefined = undefined;

  /** The framing of this request, or what is wrong with it. */
  head(): RequestHead | Malformation {
    this.framing ??= readRequestHead(this.rawHeaders, this.httpVersion);
    return this.framing;
  }
}

Object.defineProperty(InboundRequest.prototype, "headers", {
  get(this: InboundRequest) {
    const head = this.head();
    return typeof head === "object" && !head.hasBody ? empty : framed;
  },
});
