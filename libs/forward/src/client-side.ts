import type { Socket } from "node:net";
import type { Answer, Exchange } from "./door.ts";

/** The part of a call that its client's side talks to. */
export interface ExchangeUser {
  /** The piece is valid until this returns. */
  onRequestChunk(chunk: Buffer): void;
  onRequestEnd(): void;
  /** The client took what was written; more may follow. */
  onClientWritable(): void;
  /** The last byte of the response is with the kernel. */
  onResponseSent(): void;
  onClientGone(): void;
  /** The client did not send its body in time. */
  onRequestStalled(): void;
  /** The exchange as a whole took too long. */
  onExpired(): void;
  tick(now: number): void;
}

/** A request body on its way in: nothing is read before it is wanted. */
export interface BodyReader {
  /** How long its client may be silent while it is read. What holds for all clients, when undefined. */
  idleTimeoutMs: number | undefined;
  /** Starts or goes on. */
  read(): void;
  pause(): void;
}

/**
 * The client's half of an exchange as the rest of the engine sees it, whatever stands behind it: a connection, a body
 * that was read before, or nobody but this program itself.
 */
export interface ClientSide extends Exchange {
  /** The body; undefined when there is none. */
  readonly reader: BodyReader | undefined;
  readonly headSent: boolean;
  /** The client sent its whole request. */
  readonly requestComplete: boolean;
  /** When the whole exchange must be over. */
  limit: number;
  /** Takes the client's half over: from here on its events go to the user. */
  attach(user: ExchangeUser): void;
  /** The moment `ms` from now on the clock of `limit`; never, for 0 and undefined. */
  after(ms: number | undefined): number;
  answer(answer: Answer): void;
  /** Passes an interim response on. */
  inform(status: number, headers: string[]): void;
  /** Hands the head over; it leaves with the first piece of the body. Throws when a header can't be sent. */
  sendHead(status: number, headers: string[], close: boolean): void;
  flushHead(): void;
  /** Answers an upgrade with 101; from here on the connection carries something else. Throws when a header can't be sent. */
  switchProtocols(headers: string[]): Socket;
  /** What the connection became has ended on both sides. */
  tunnelClosed(): void;
  /** What is given to `write` and `end` may be kept longer than they take, so that its memory must not be used again. */
  readonly keepsPieces: boolean;
  /** False: wait for `onClientWritable`. */
  write(chunk: Uint8Array): boolean;
  /** Ends the response, cleanly: the client will take it as whole. */
  end(last?: Uint8Array, trailers?: [string, string][]): void;
  /** Breaks the connection: whatever the client has of the response, it must not take it for the whole. */
  break(): void;
}
