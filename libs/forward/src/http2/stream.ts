import { constants, type IncomingHttpHeaders, type OutgoingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import type { Malformation, RawHeaders } from "../door.ts";
import type { Ending, HttpStream, HttpStreamUser } from "../http-stream.ts";
import type { RequestHead } from "../request-head.ts";
import { type RequestFields, responseFields } from "./request-fields.ts";

/** What a stream needs to know of its connection. */
export interface StreamOwner {
  readonly remoteAddress: string;
  readonly certificate: Uint8Array | undefined;
  readonly isRetired: boolean;
  /** The exchange of this stream is over, however it ended. */
  onStreamOver(): void;
}

/** A request and its response on one stream of HTTP/2. */
export class Http2Stream implements HttpStream {
  readonly method: string;
  readonly url: string;
  readonly headers: RawHeaders;
  readonly httpVersion = "2.0";
  readonly framing: RequestHead | Malformation;
  readonly upgrade: string | undefined = undefined;
  readonly keepsPieces = true;
  private readonly stream: ServerHttp2Stream;
  private readonly owner: StreamOwner;
  private user: HttpStreamUser | undefined = undefined;
  private isReading = false;
  private lingers = false;
  private written = 0;

  constructor(stream: ServerHttp2Stream, fields: RequestFields, owner: StreamOwner) {
    this.method = fields.method;
    this.url = fields.url;
    this.headers = fields.headers;
    this.framing = fields.framing;
    this.stream = stream;
    this.owner = owner;
    // What went wrong with a stream, its close tells.
    stream.on("error", () => undefined);
    stream.on("close", () => {
      this.user?.onClosed();
      owner.onStreamOver();
    });
  }

  get remoteAddress(): string {
    return this.owner.remoteAddress;
  }

  get certificate(): Uint8Array | undefined {
    return this.owner.certificate;
  }

  get isReceived(): boolean {
    return this.stream.readableEnded || this.stream.endAfterHeaders;
  }

  get isRetired(): boolean {
    return this.owner.isRetired;
  }

  get isBackedUp(): boolean {
    return this.stream.writableNeedDrain;
  }

  get isWaiting(): boolean {
    return this.stream.writableLength > 0;
  }

  get takenBytes(): number {
    return this.written - this.stream.writableLength;
  }

  attach(user: HttpStreamUser): void {
    this.user = user;
  }

  readBody(): void {
    const { stream } = this;
    if (!this.isReading) {
      this.isReading = true;
      stream.on("data", (piece: Buffer) => this.user?.onRequestChunk(piece));
      stream.on("end", () => this.user?.onRequestEnd());
    }
    stream.resume();
  }

  pauseBody(): void {
    this.stream.pause();
  }

  askForBody(): void {
    this.inform(100, []);
  }

  inform(status: number, headers: string[]): void {
    if (!this.stream.destroyed) this.stream.additionalHeaders(responseFields(status, headers) as OutgoingHttpHeaders);
  }

  /** Streams end by themselves; a connection that must end says so in a frame of its own. */
  startResponse(status: number, headers: string[], ending: Ending): void {
    this.lingers = ending === "linger";
    const isBodiless = this.method === "HEAD" || status === 204 || status === 304;
    this.stream.respond(responseFields(status, headers) as IncomingHttpHeaders, { endStream: isBodiless });
  }

  flush(): void {}

  write(piece: Uint8Array): boolean {
    if (this.stream.writableEnded || this.stream.destroyed) return true;
    this.written += piece.byteLength;
    if (this.stream.write(piece)) return true;
    this.stream.once("drain", () => this.user?.onWritable());
    return false;
  }

  /** Trailers stay behind: whether there will be any must be known with the head. */
  end(last: Uint8Array | undefined): void {
    const { stream } = this;
    const sent = () => {
      // The answer is whole without the rest of the request, which nobody wants (RFC 9113, 8.1).
      if (this.lingers && !this.isReceived) stream.close(constants.NGHTTP2_NO_ERROR);
      this.user?.onSent();
    };
    if (stream.writableFinished) sent();
    else {
      stream.once("finish", sent);
      this.written += last?.byteLength ?? 0;
      if (!stream.writableEnded) stream.end(last);
    }
  }

  switchProtocols(): Socket {
    throw new Error("a stream of HTTP/2 cannot become anything else");
  }

  breakOff(): void {
    this.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  leave(): void {}
}
