import type { Socket } from "node:net";
import { dateLine } from "../date-line.ts";
import type { RawHeaders } from "../door.ts";
import { responseHead } from "./encode-head.ts";
import { latin1, maxJoinedBytes, writePiece } from "./outgoing.ts";
import { responseFields } from "./response-fields.ts";
import { isToken } from "./token.ts";

/** Who waits for the client to take what was written. */
export interface ResponseUser {
  onWritable(): void;
  onSent(): void;
}

/**
 * The response on a server's connection, one after the other. The head waits for what follows it, so that a small
 * response is one write. Framing and the fields around it are those of Node's own server, so that clients can't tell
 * the engines apart.
 */
export class ResponseWriter {
  headSent = false;
  /** The connection ends with this response. */
  isLast = false;
  user: ResponseUser | undefined = undefined;
  private readonly socket: Socket;
  /** The `Keep-Alive` field of responses that are not the last. */
  private readonly keepAlive: string;
  private head = "";
  private isHead = false;
  private isOld = false;
  private mayKeep = false;
  private isChunked = false;
  private hasBody = false;
  private readonly onFlushed = (): void => this.user?.onWritable();
  /** Of a connection that broke, nothing more is said than that. */
  private readonly onEndFlushed = (error?: Error | null): void => {
    if (error == null) this.user?.onSent();
  };

  constructor(socket: Socket, keepAliveTimeoutMs: number) {
    this.socket = socket;
    this.keepAlive = keepAliveTimeoutMs > 0 ? `Keep-Alive: timeout=${Math.floor(keepAliveTimeoutMs / 1_000)}\r\n` : "";
  }

  /** A request wants its response. */
  begin(user: ResponseUser, method: string, httpVersion: string, mayKeep: boolean): void {
    this.user = user;
    this.headSent = false;
    this.isLast = false;
    this.head = "";
    this.isHead = method === "HEAD";
    this.isOld = httpVersion !== "1.1";
    this.mayKeep = mayKeep;
  }

  inform(status: number, headers: RawHeaders): void {
    this.socket.write(`${responseHead(status, headers)}\r\n`, "latin1");
  }

  /** Throws when a header can't be sent. */
  start(status: number, headers: RawHeaders, isLast: boolean): void {
    const { hasLength, hasDate } = responseFields(headers);
    let head = responseHead(status, headers);
    // Where Node's server puts it: a field that it was given stands before those that it adds.
    if (isLast) head += "Connection: close\r\n";
    if (!hasDate) head += dateLine();
    this.hasBody = !this.isHead && status !== 204 && status !== 304;
    this.isChunked = this.hasBody && !hasLength && !this.isOld;
    // To a client of HTTP/1.0 a body without a length ends with its connection.
    const endsWithConnection = this.isOld && !hasLength;
    this.isLast = isLast || !this.mayKeep || endsWithConnection;
    if (!this.isLast) head += `Connection: keep-alive\r\n${this.keepAlive}`;
    else if (!isLast) head += "Connection: close\r\n";
    if (this.isChunked) head += "Transfer-Encoding: chunked\r\n";
    this.head = `${head}\r\n`;
    this.headSent = true;
  }

  /** The head leaves without its body. */
  flush(): void {
    if (this.head === "") return;
    this.socket.write(this.head, "latin1");
    this.head = "";
  }

  /** False: the piece is still being sent; its memory must stay as it is until `onWritable`. */
  write(piece: Buffer): boolean {
    if (!this.hasBody || piece.length === 0) return true;
    const before = this.isChunked ? `${this.takeHead()}${piece.length.toString(16)}\r\n` : this.takeHead();
    return writePiece(this.socket, before, piece, this.isChunked ? "\r\n" : "", this.onFlushed);
  }

  /** True when the last byte is with the kernel; otherwise `onSent` follows. */
  end(last?: Buffer, trailers?: RawHeaders): boolean {
    const { socket } = this;
    let after = "";
    if (this.isChunked) after = trailers === undefined ? "0\r\n\r\n" : `0\r\n${trailerLines(trailers)}\r\n`;
    let before = this.takeHead();
    if (last === undefined || !this.hasBody || last.length === 0) {
      if (before !== "" || after !== "") socket.write(before + after, "latin1");
    } else {
      if (this.isChunked) {
        before += `${last.length.toString(16)}\r\n`;
        after = `\r\n${after}`;
      }
      if (last.length <= maxJoinedBytes) socket.write(`${before}${latin1(last)}${after}`, "latin1");
      else writePiece(socket, before, last, after, ignore);
    }
    if (socket.writableLength === 0) return true;
    socket.write(nothing, this.onEndFlushed);
    return false;
  }

  private takeHead(): string {
    const { head } = this;
    this.head = "";
    return head;
  }
}

const nothing = Buffer.alloc(0);
const ignore = (): void => undefined;

const breaksValue = /[^\t\x20-\x7e\x80-\xff]/;

/** A trailer that can't be written is worth less than the response that came before it. */
function trailerLines(trailers: RawHeaders): string {
  let lines = "";
  for (let i = 0; i < trailers.length; i += 2) {
    const [name, value] = [trailers[i] as string, trailers[i + 1] as string];
    if (isToken(name) && !breaksValue.test(value)) lines += `${name}: ${value}\r\n`;
  }
  return lines;
}
