import { type ClientHttp2Session, type ClientHttp2Stream, constants } from "node:http2";
import type { RawHeaders } from "../door.ts";
import type { BodyWriter, OutgoingRequest, ResponseControl, ResponseSink } from "../http1/exchange-with-target.ts";
import { outgoingFields } from "./outgoing-fields.ts";

/** The connection that a stream is on. */
export interface StreamHolder {
  onStreamClosed(hasResponse: boolean): void;
}

const { NGHTTP2_CANCEL, NGHTTP2_FLAG_END_STREAM, NGHTTP2_HTTP_1_1_REQUIRED, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } =
  constants;

/** Why a stream ended without a whole response, in the codes that a connection's end has elsewhere. */
class StreamError extends Error {
  override readonly name = "StreamError";
  readonly code: "ECONNRESET" | "REQUEST_REFUSED" | "HTTP_1_1_REQUIRED";

  constructor(rstCode: number, cause: unknown) {
    super(`the target ended the HTTP/2 stream with code ${rstCode}`, cause === undefined ? {} : { cause });
    this.code =
      rstCode === NGHTTP2_REFUSED_STREAM
        ? "REQUEST_REFUSED"
        : rstCode === NGHTTP2_HTTP_1_1_REQUIRED
          ? "HTTP_1_1_REQUIRED"
          : "ECONNRESET";
  }
}

/** One request on an HTTP/2 connection, and its response. */
export class TargetStream implements ResponseControl, BodyWriter {
  headers: string[] = [];
  readonly keepsPieces = true;
  trailers: RawHeaders = [];
  private readonly session: ClientHttp2Session;
  private readonly holder: StreamHolder;
  private readonly request: OutgoingRequest;
  private readonly sink: ResponseSink;
  private stream: ClientHttp2Stream | undefined = undefined;
  private hasStarted = false;
  private hasResponse = false;
  /** The target has said that this was all: the end of the stream alone says no such thing (RFC 9113, 8.1). */
  private sawEnd = false;
  private isOver = false;
  private error: Error | undefined = undefined;

  constructor(session: ClientHttp2Session, holder: StreamHolder, request: OutgoingRequest, sink: ResponseSink) {
    this.session = session;
    this.holder = holder;
    this.request = request;
    this.sink = sink;
  }

  start(): void {
    const { body, piece } = this.request;
    try {
      this.sink.onRequestStart(this);
      const endStream = body === undefined && piece === undefined;
      this.stream = this.session.request(outgoingFields(this.request), { endStream });
    } catch (error) {
      process.nextTick(withdraw, this, error);
      return;
    }
    this.listen(this.stream);
    if (body !== undefined) body.start(this);
    else {
      if (piece !== undefined) this.stream.end(piece);
      this.sink.onRequestSent();
    }
  }

  bodyPiece(piece: Buffer): boolean {
    // It may be kept until the target's window lets it go, whatever `write` returns.
    this.stream?.write(piece, () => {
      if (!this.isOver) this.request.body?.onWritable();
    });
    return false;
  }

  bodyEnd(): void {
    this.stream?.end();
    this.sink.onRequestSent();
  }

  pause(): void {
    this.stream?.pause();
  }

  resume(): void {
    this.stream?.resume();
  }

  abort(error: Error): void {
    if (this.isOver) return;
    this.error ??= error;
    this.stream?.close(NGHTTP2_CANCEL);
    this.finish(error);
  }

  /** Not a byte of it was sent. */
  withdraw(error: Error): void {
    this.finish(error);
    this.holder.onStreamClosed(false);
  }

  private listen(stream: ClientHttp2Stream): void {
    const push = stream.push;
    stream.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
      // Before the stream is closed, an end is the target's word; afterwards it is only Node's.
      if (chunk === null && !stream.closed) this.sawEnd = true;
      return push.call(stream, chunk, encoding);
    };
    stream.on("continue", () => this.onHead(100, []));
    stream.on("headers", (fields, _flags, raw) => {
      if (fields[":status"] !== 100) this.onHead(Number(fields[":status"]), raw);
    });
    stream.on("response", (fields, flags, raw) => {
      if ((flags & NGHTTP2_FLAG_END_STREAM) !== 0) this.sawEnd = true;
      this.onHead(Number(fields[":status"]), raw);
    });
    stream.on("trailers", (_fields, _flags, raw) => {
      this.trailers = raw;
    });
    stream.on("data", (chunk: Buffer) => {
      if (this.isOver) return;
      try {
        this.sink.onResponseData(this, chunk);
      } catch (error) {
        this.abort(error as Error);
      }
    });
    stream.on("end", () => {
      if (this.sawEnd && this.hasResponse) this.finish(undefined);
    });
    stream.on("error", (error) => {
      this.error ??= error;
    });
    stream.on("close", () => {
      this.finish(new StreamError(stream.rstCode ?? NGHTTP2_NO_ERROR, this.error));
      this.holder.onStreamClosed(this.hasResponse);
    });
  }

  private onHead(status: number, raw: readonly string[]): void {
    if (this.isOver) return;
    if (!this.hasStarted) {
      this.hasStarted = true;
      this.sink.onResponseStarted();
    }
    this.headers = raw.slice(fieldsFrom(raw));
    this.hasResponse ||= status >= 200;
    try {
      this.sink.onResponseStart(this, status);
    } catch (error) {
      this.abort(error as Error);
    }
  }

  /** The last word to the sink, once. */
  private finish(error: Error | undefined): void {
    if (this.isOver) return;
    this.isOver = true;
    this.request.body?.stop();
    if (error !== undefined) {
      this.sink.onResponseError(this, error);
      return;
    }
    // What is still on its way of the request is for nobody.
    if (this.stream?.writableFinished === false) this.stream.close(NGHTTP2_NO_ERROR);
    this.sink.onResponseEnd(this);
  }
}

/** Where the pseudo-fields end: they come first. */
function fieldsFrom(raw: readonly string[]): number {
  let at = 0;
  while (raw[at]?.startsWith(":")) at += 2;
  return at;
}

function withdraw(stream: TargetStream, error: Error): void {
  stream.withdraw(error);
}
