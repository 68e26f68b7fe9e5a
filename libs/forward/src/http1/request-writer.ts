import type { Socket } from "node:net";
import { requestHead } from "./encode-head.ts";
import type { BodyWriter, OutgoingBody, OutgoingRequest } from "./exchange-with-target.ts";
import { latin1, maxJoinedBytes, writePiece } from "./outgoing.ts";
import { bodyLength, payloadMethods } from "./response-fields.ts";

/** Who is told that the last byte of a request was written. */
export interface RequestWriterUser {
  onRequestWritten(): void;
}

/** Writes the requests of a connection to a target, one after the other: head and framing, and the body piece by piece. */
export class RequestWriter implements BodyWriter {
  readonly keepsPieces = false;
  /** The request was handed to the connection, perhaps all but its body. */
  isBegun = false;
  /** Its last byte was. */
  isComplete = false;
  private socket: Socket | undefined = undefined;
  private method = "";
  private isChunked = false;
  /**
   * The head of a request whose body is still to come: it leaves with the first piece of it, so that until then the
   * request is certainly unsent and may go elsewhere.
   */
  private head = "";
  private body: OutgoingBody | undefined = undefined;
  private readonly user: RequestWriterUser;
  private readonly onFlushed = (): void => this.body?.onWritable();

  constructor(user: RequestWriterUser) {
    this.user = user;
  }

  /** Not a byte of it can be with the target. */
  get isUnsent(): boolean {
    return !this.isBegun || this.head !== "";
  }

  /** There is another request to be written. */
  expect(): void {
    this.isBegun = false;
    this.isComplete = false;
  }

  /** Throws, with nothing written, when the head can't be sent. */
  write(socket: Socket, { method, path, headers, piece, body, reset, upgrade }: OutgoingRequest): void {
    const connection = upgrade !== undefined ? "upgrade" : reset ? "close" : "keep-alive";
    const mayDeclareLength = body !== undefined;
    const head = requestHead({ method, path, headers, connection, upgrade, mayDeclareLength });
    this.isBegun = true;
    if (body !== undefined) {
      this.socket = socket;
      this.method = method;
      this.isChunked = bodyLength(headers) === undefined;
      this.head = head;
      this.body = body;
      body.start(this);
      return;
    }
    if (piece === undefined) {
      socket.write(head + endOfHead(method), "latin1");
    } else {
      const framed = `${head}content-length: ${piece.length}\r\n\r\n`;
      if (piece.length <= maxJoinedBytes) socket.write(framed + latin1(piece), "latin1");
      else writePiece(socket, framed, piece, "", ignore);
    }
    this.complete();
  }

  bodyPiece(piece: Buffer): boolean {
    const { socket } = this;
    if (socket === undefined) return false;
    if (!this.isChunked) return writePiece(socket, this.takeHead("\r\n"), piece, "", this.onFlushed);
    const before = `${this.takeHead("transfer-encoding: chunked\r\n\r\n")}${piece.length.toString(16)}\r\n`;
    return writePiece(socket, before, piece, "\r\n", this.onFlushed);
  }

  bodyEnd(): void {
    const { socket } = this;
    // Not one piece has come, and it is known by now that none will.
    if (this.head !== "") socket?.write(this.takeHead(endOfHead(this.method)), "latin1");
    else if (this.isChunked) socket?.write("0\r\n\r\n", "latin1");
    this.complete();
  }

  /** Nothing that still comes of this request may get to the next one, whose place this is from now on. */
  stop(): void {
    this.body?.stop();
    this.body = undefined;
    this.socket = undefined;
    this.head = "";
  }

  private takeHead(end: string): string {
    const { head } = this;
    this.head = "";
    return head === "" ? "" : head + end;
  }

  private complete(): void {
    this.isComplete = true;
    this.user.onRequestWritten();
  }
}

const ignore = (): void => undefined;

/** What a head ends with that no body follows. */
function endOfHead(method: string): string {
  return payloadMethods.has(method) ? "content-length: 0\r\n\r\n" : "\r\n";
}
