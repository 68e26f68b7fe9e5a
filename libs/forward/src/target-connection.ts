import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Connector } from "./connector.ts";
import type { TargetCall, TargetRequest } from "./target-call.ts";

/** What places for connections have in common. */
export interface ConnectionOwner {
  readonly origin: string;
  /** Of the server, for SNI and the check of its identity. */
  readonly servername: string;
  readonly connector: Connector;
  /** What to offer in the handshake. */
  readonly protocols: readonly string[];
  /** A connection of HTTP/1.1 is open in this place. */
  onHttp1(connection: TargetConnection): void;
  /** The connection that was opened is one of HTTP/2: not for this place. */
  onHttp2(socket: Socket): void;
}

/** The error of a request that has waited for a connection, which turned out to be one of HTTP/2. */
export class Http2Agreed extends Error {
  override readonly name = "Http2Agreed";
  readonly code = "HTTP2_AGREED";
}

/** One connection to the target, or the place for one: it is opened when a request needs it, and again when it was closed. */
export interface TargetConnection {
  readonly connected: boolean;
  /** Responses that this TCP connection has carried. Only one that has carried some can have gone stale. */
  readonly responses: number;
  /** What its socket has met. undici takes some of that for the proper end of a response. */
  readonly brokenBy: Error | undefined;
  /** Its target's name may well lead elsewhere by now. */
  isOlderThan(ms: number): boolean;
  /** One request at a time. */
  dispatch(request: TargetRequest, call: TargetCall): void;
  /** A request is about to be written. */
  onRequest(): void;
  /** A response is complete. */
  onResponse(): void;
  /** What comes next on it can't be trusted: the next call opens a fresh one in its place. */
  abandon(): void;
  close(): Promise<void>;
  destroy(): Promise<void>;
}

/** Whether a connection turned out to be one of HTTP/2, when it was opened. */
export function isHttp2(socket: Socket): boolean {
  return socket instanceof TLSSocket && socket.alpnProtocol === "h2";
}
