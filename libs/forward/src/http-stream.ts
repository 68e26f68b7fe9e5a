import type { Socket } from "node:net";
import type { Malformation, RawHeaders } from "./door.ts";
import type { RequestHead } from "./request-head.ts";

/** Who is told what happens on a stream. */
export interface HttpStreamUser {
  /** The piece is valid until this returns. */
  onRequestChunk(piece: Buffer): void;
  onRequestEnd(): void;
  /** The client took what was written; more may follow. */
  onWritable(): void;
  /** The last byte of the response is with the kernel. */
  onSent(): void;
  /** The connection is closed. */
  onClosed(): void;
}

/** What becomes of the connection after a response. */
export type Ending = "keep" | "close" | "linger";

/**
 * One request on a client's connection, and the place for its response: what the server of an engine gives. It decides
 * nothing; that is done by the exchange that uses it.
 */
export interface HttpStream {
  readonly method: string;
  /** As received. */
  readonly url: string;
  readonly headers: RawHeaders;
  readonly httpVersion: string;
  /** How the request is framed, or what is wrong with it. */
  readonly framing: RequestHead | Malformation;
  readonly remoteAddress: string;
  /** DER of the verified peer certificate. */
  readonly certificate: Uint8Array | undefined;
  /** What the connection may become; undefined for an ordinary request. */
  readonly upgrade: string | undefined;
  /** The last byte of the request was read from the connection, though perhaps not yet handed on. */
  readonly isReceived: boolean;
  /** The next answer must be the last one of the connection. */
  readonly isRetired: boolean;
  /** The client does not read what was written. */
  readonly isBackedUp: boolean;
  /** Some of what was written waits for the client to take it. */
  readonly isWaiting: boolean;
  /** Grows with what the client takes. */
  readonly takenBytes: number;
  /** Pieces of the response may be kept after `write` has returned true; their memory must be the stream's own then. */
  readonly keepsPieces: boolean;

  attach(user: HttpStreamUser): void;

  /** The body is wanted, or wanted again: before the first time nothing of it is handed on. */
  readBody(): void;
  pauseBody(): void;
  /** `100 Continue` */
  askForBody(): void;

  /** An interim response. */
  inform(status: number, headers: string[]): void;
  /**
   * The head waits for what follows it, so that a small response is one write. "linger": the request is not read whole;
   * the connection is half closed after the response and read on until `leave`. Throws when a header can't be sent.
   */
  startResponse(status: number, headers: string[], ending: Ending): void;
  flush(): void;
  /** False: wait for `onWritable`; the memory of the piece must stay as it is until then. */
  write(piece: Uint8Array): boolean;
  /** `onSent` follows, perhaps before this returns. */
  end(last: Uint8Array | undefined, trailers: [string, string][] | undefined): void;

  /** Answers an upgrade with 101 and lets go of the connection. Throws when a header can't be sent. */
  switchProtocols(headers: string[]): Socket;

  /** The client must not take what it has of the response for the whole. */
  breakOff(): void;
  /** The exchange is over. */
  leave(): void;
}
