import type { Socket } from "node:net";
import type { RawHeaders } from "../door.ts";

/** One request for a target, as its connection writes it. */
export interface OutgoingRequest {
  readonly method: string;
  /** Origin-form, latin1. */
  readonly path: string;
  /** All but framing and `Connection`. */
  readonly headers: RawHeaders;
  /** A body that is here as a whole. */
  readonly piece: Buffer | undefined;
  /** A body that is still arriving. */
  readonly body: OutgoingBody | undefined;
  /** Nobody may use the connection after this request. */
  readonly reset: boolean;
  /** What the connection is to become, when the target agrees. */
  readonly upgrade?: string | undefined;
}

/** A body that is still arriving. A `Content-Length` among the headers frames it, else it is sent in chunks. */
export interface OutgoingBody {
  /** From now on its pieces may go to the writer. */
  start(writer: BodyWriter): void;
  /** The piece that was not taken at once is gone; more may follow. */
  onWritable(): void;
  /** Nothing more of it goes to the writer, whose connection is another request's from now on. */
  stop(): void;
}

export interface BodyWriter {
  /** Pieces may be kept after they were taken: their memory must be theirs. */
  readonly keepsPieces: boolean;
  /** False: the piece is still being sent; its memory must stay as it is, and nothing may follow, until `onWritable`. */
  bodyPiece(piece: Buffer): boolean;
  bodyEnd(): void;
}

/** What can be done about the response that is on its way. */
export interface ResponseControl {
  /** Of the head that was announced last. */
  readonly headers: string[];
  /** Once the response has ended. */
  readonly trailers: RawHeaders;
  pause(): void;
  resume(): void;
  /** Breaks the connection; the caller hears of it by `onResponseError`. */
  abort(error: Error): void;
}

/** Who made the request. */
export interface ResponseSink {
  /** The request is about to be written. To throw takes it back, with the connection unharmed. */
  onRequestStart(control: ResponseControl): void;
  /** The last byte of the request was written. */
  onRequestSent(): void;
  /** The first byte of the response. */
  onResponseStarted(): void;
  /** A head, interim ones included. */
  onResponseStart(control: ResponseControl, status: number): void;
  /** Valid until this returns. */
  onResponseData(control: ResponseControl, piece: Buffer): void;
  onResponseEnd(control: ResponseControl): void;
  /** The target has agreed to the upgrade: HTTP is over, and what follows comes from `socket` as it is. */
  onUpgrade(control: ResponseControl, socket: Socket): void;
  /** Called at most once, and not after the end. */
  onResponseError(control: ResponseControl, error: Error): void;
}
