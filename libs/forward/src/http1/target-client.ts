import type { Socket } from "node:net";
import type { RawHeaders } from "../door.ts";
import { Sweep, type Watched } from "../sweep.ts";
import { requestHead } from "./encode-head.ts";
import type {
  BodyWriter,
  OutgoingBody,
  OutgoingRequest,
  ResponseControl,
  ResponseSink,
} from "./exchange-with-target.ts";
import { type BodyRule, MessageParser, type MessageSink } from "./message-parser.ts";
import { latin1, maxJoinedBytes, writePiece } from "./outgoing.ts";
import { LongBody, readAsStream, readWith, type SocketReader } from "./read-buffer.ts";
import { announcesBody, bodyLength, keepAliveMs, payloadMethods, saysKeepAlive } from "./response-fields.ts";

/** Opens a socket with the `onread` of this engine, and calls back once, with one of both. */
export type Connect = (done: (error: Error | undefined, socket?: Socket) => void) => void;

export interface TargetClientOptions {
  readonly connect: Connect;
  readonly maxHeaderBytes: number;
  /** How long an unused connection is kept, unless the target's `Keep-Alive` says otherwise. */
  readonly keepAliveTimeoutMs: number;
}

/** The target closed or broke its connection where a response should have been. */
class ConnectionLost extends Error {
  readonly code = "ECONNRESET";
}

/** Nothing is sent to this target any more. */
class ConnectionsClosed extends Error {
  readonly code = "UND_ERR_DESTROYED";
  constructor() {
    super("the connections to the target are closed");
  }
}

/** What the target sent is no response. `code` is llhttp's, as Node's own parser would say it. */
class NotHttp extends Error {
  readonly code: string;
  constructor(code: string, reason: string) {
    super(`the response is no valid HTTP: ${reason === "" ? code : reason}`);
    this.code = code;
  }
}

/** All connections that wait for use: they are given up before the target would. */
const idle = new Sweep();
const none: string[] = [];

/**
 * One HTTP/1.1 connection to a target, or the place for one: it is opened with the first request, and again after it was
 * closed. It carries one request at a time.
 */
export class TargetClient implements MessageSink, ResponseControl, SocketReader, BodyWriter, Watched {
  earlier: Watched | undefined = undefined;
  later: Watched | undefined = undefined;
  readonly keepsPieces = false;
  headers: string[] = none;
  trailers: RawHeaders = none;
  nextBuffer: Buffer | undefined = undefined;
  ownsReads = false;
  responses = 0;
  private readonly options: TargetClientOptions;
  private socket: Socket | undefined = undefined;
  private parser: MessageParser | undefined = undefined;
  /** What has become of the last connection. */
  private upgraded: Socket | undefined = undefined;
  private isConnecting = false;
  private isClosed = false;
  private request: OutgoingRequest | undefined = undefined;
  private sink: ResponseSink | undefined = undefined;
  private isWritten = false;
  private isSent = false;
  private isChunked = false;
  /**
   * The head of a request whose body is still to come: it leaves with the first piece of it, so that until then the
   * request is certainly unsent and may go elsewhere.
   */
  private head = "";
  private hasStarted = false;
  private hasEnded = false;
  private mayBeReused = false;
  private isDoubtful = false;
  private idleMs = 0;
  private idleLimit = 0;
  private isPaused = false;
  private isReading = false;
  private readonly longBody: LongBody = new LongBody(this);
  private error: Error | undefined = undefined;
  private body: OutgoingBody | undefined = undefined;
  private readonly onFlushed = (): void => this.body?.onWritable();

  constructor(options: TargetClientOptions) {
    this.options = options;
  }

  get isConnected(): boolean {
    return this.parser !== undefined;
  }

  /** The request is written when this turn of the loop has read all there is to read. */
  dispatch(request: OutgoingRequest, sink: ResponseSink): void {
    this.request = request;
    this.sink = sink;
    this.isWritten = false;
    this.isSent = false;
    this.hasStarted = false;
    this.isDoubtful = false;
    this.hasEnded = false;
    this.isPaused = false;
    this.error = undefined;
    if (this.isClosed) process.nextTick(withdraw, this, new ConnectionsClosed());
    else if (this.parser !== undefined) {
      idle.remove(this);
      writeLater(this);
    } else if (!this.isConnecting) this.open();
  }

  abandon(): void {
    if (this.sink === undefined) this.drop();
    this.upgraded?.destroy();
  }

  close(): void {
    this.isClosed = true;
    if (this.sink === undefined) this.drop();
  }

  destroy(): void {
    this.isClosed = true;
    if (this.sink === undefined) this.drop();
    else this.abort(new ConnectionsClosed());
  }

  // Opening and closing.

  private open(): void {
    this.isConnecting = true;
    this.options.connect((error, socket) => {
      this.isConnecting = false;
      if (socket !== undefined) this.attach(socket);
      else this.fail(error ?? new ConnectionLost("no connection could be opened"));
    });
  }

  private attach(socket: Socket): void {
    this.socket = socket;
    this.parser = new MessageParser("response", this, this.options.maxHeaderBytes);
    this.responses = 0;
    this.isReading = true;
    this.ownsReads = false;
    readWith(socket, this);
    socket.setNoDelay(true);
    socket.on("end", () => this.onEnd(socket));
    socket.on("error", (error) => {
      // Of a connection that has seen nothing of the request it does not matter what became of it.
      if (this.socket === socket && (this.sink === undefined || this.isWritten)) this.error ??= error;
    });
    socket.on("close", () => this.onClose(socket));
    if (this.request === undefined) this.rest();
    else this.write();
  }

  private onClose(socket: Socket): void {
    if (this.socket !== socket) return;
    this.detach();
    this.lost(new ConnectionLost("the target closed the connection before the end of a response"));
  }

  /** The connection is gone. A request of which it has seen nothing is none the worse, and gets another. */
  private lost(error: Error): void {
    if (this.sink === undefined || this.isWritten || this.error !== undefined) {
      this.fail(this.error ?? error);
      return;
    }
    this.drop();
    this.open();
  }

  /** From now on there is no connection here; the next request opens one. */
  private detach(): void {
    idle.remove(this);
    this.parser?.free();
    this.parser = undefined;
    this.socket = undefined;
    this.longBody.end(false);
    this.nextBuffer = undefined;
  }

  /** Waits for the next request. */
  private rest(): void {
    if (this.isClosed) {
      this.drop();
      return;
    }
    this.idleLimit = idle.after(this.idleMs === 0 ? this.options.keepAliveTimeoutMs : this.idleMs);
    idle.add(this);
  }

  tick(now: number): void {
    if (now >= this.idleLimit) this.drop();
  }

  private drop(): void {
    const { socket } = this;
    this.detach();
    socket?.destroy();
  }

  // The request.

  /** Called by {@link writeLater}, and for a fresh connection. */
  write(): void {
    const { request, sink, socket } = this;
    if (request === undefined || sink === undefined || socket === undefined || this.isWritten) return;
    // Broken, and its events are still to come.
    if (socket.destroyed) {
      this.lost(new ConnectionLost("the connection broke before it was used"));
      return;
    }
    try {
      sink.onRequestStart(this);
      this.send(socket, request);
    } catch (error) {
      this.withdraw(error as Error);
    }
  }

  private send(socket: Socket, { method, path, headers, piece, body, reset, upgrade }: OutgoingRequest): void {
    const connection = upgrade !== undefined ? "upgrade" : reset ? "close" : "keep-alive";
    const mayDeclareLength = body !== undefined;
    const head = requestHead({ method, path, headers, connection, upgrade, mayDeclareLength });
    this.isWritten = true;
    this.body = body;
    if (body !== undefined) {
      this.isChunked = bodyLength(headers) === undefined;
      this.head = head;
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
    this.sent();
  }

  bodyPiece(piece: Buffer): boolean {
    const { socket } = this;
    if (socket === undefined) return false;
    if (!this.isChunked) return writePiece(socket, this.takeHead("\r\n"), piece, "", this.onFlushed);
    const size = `${piece.length.toString(16)}\r\n`;
    return writePiece(
      socket,
      this.takeHead("transfer-encoding: chunked\r\n\r\n") + size,
      piece,
      "\r\n",
      this.onFlushed,
    );
  }

  bodyEnd(): void {
    const { socket, request } = this;
    // Not one piece has come, and it is known by now that none will.
    if (this.head !== "") socket?.write(this.takeHead(endOfHead(request?.method ?? "")), "latin1");
    else if (this.isChunked) socket?.write("0\r\n\r\n", "latin1");
    this.sent();
  }

  private takeHead(end: string): string {
    const { head } = this;
    this.head = "";
    return head === "" ? "" : head + end;
  }

  private sent(): void {
    this.isSent = true;
    this.sink?.onRequestSent();
  }

  // The response.

  onBytes(bytes: Buffer): boolean {
    const { parser } = this;
    if (parser === undefined) return false;
    if (this.sink === undefined || !this.isWritten || this.head !== "") {
      // Nobody has asked for it: what comes next on this connection would be taken for another's answer.
      if (this.sink === undefined) this.drop();
      else this.lost(new ConnectionLost("the target answered before it was asked"));
      return false;
    }
    let taken = 0;
    do {
      taken += parser.execute(taken === 0 ? bytes : bytes.subarray(taken));
      // Of an interim response; the next one follows.
    } while (parser.stop === "message_end" && !this.hasEnded && this.error === undefined && taken < bytes.length);
    if (this.error !== undefined) this.fail(this.error);
    else if (parser.stop === "upgrade") this.handOver(bytes.subarray(taken));
    else if (this.hasEnded) this.finish(taken < bytes.length);
    else if (parser.stop !== "none" && parser.stop !== "message_end") {
      this.fail(new NotHttp(parser.errorCode, parser.errorReason));
    }
    return this.isReading;
  }

  /** Lets go of the connection: what follows the 101 is none of ours. */
  private handOver(rest: Buffer): void {
    const { sink, socket } = this;
    if (sink === undefined || socket === undefined) return;
    this.letGo();
    this.detach();
    this.upgraded = socket;
    socket.once("close", () => {
      this.upgraded = undefined;
    });
    readAsStream(socket, rest.length === 0 ? undefined : rest);
    sink.onUpgrade(this, socket);
  }

  onMessageBegin(): void {
    if (this.hasStarted) return;
    this.hasStarted = true;
    this.sink?.onResponseStarted();
  }

  onHead(parser: MessageParser): BodyRule {
    const { status } = parser;
    this.headers = parser.headers;
    if (status === 101) {
      // Only to what was asked for, and only with both of its fields (RFC 9110, 7.8).
      if (parser.upgrade && this.request?.upgrade !== undefined) {
        return 2;
      }
      this.error ??= new NotHttp("HPE_UNEXPECTED_UPGRADE", "it switches protocols, and nobody asked for that");
      return 1;
    }
    try {
      this.sink?.onResponseStart(this, status);
    } catch (error) {
      this.error ??= error as Error;
      return 1;
    }
    if (status < 200) {
      // It may have none (RFC 9110, 8.6): what its target means to send after it is anybody's guess.
      this.isDoubtful ||= announcesBody(parser.headers);
      return 1;
    }
    const length = bodyLength(parser.headers);
    this.idleMs = keepAliveMs(parser.headers, this.options.keepAliveTimeoutMs);
    const hasNone = status === 204 || status === 304;
    // With a body where none may be, it would be read as the next response.
    this.mayBeReused = this.idleMs > 0 && !this.isDoubtful && !(hasNone && announcesBody(parser.headers));
    if (hasNone) return 1;
    if (this.request?.method === "HEAD") {
      // A target that sends a body all the same would end it with the connection, as its head says.
      this.mayBeReused &&= length !== undefined || announcesBody(parser.headers) || saysKeepAlive(parser.headers);
      return 1;
    }
    parser.bodyLeft = length ?? 0;
    this.longBody.expect(length);
    return 0;
  }

  onBody(piece: Buffer): void {
    this.longBody.saw(piece.length);
    try {
      this.sink?.onResponseData(this, piece);
    } catch (error) {
      this.error ??= error as Error;
    }
  }

  onMessageEnd(parser: MessageParser): void {
    if (parser.status < 200) return;
    this.trailers = parser.headers;
    this.hasEnded = true;
  }

  private finish(isFollowed: boolean): void {
    const { sink, request, parser } = this;
    const isReusable =
      this.mayBeReused && parser?.keepAlive === true && this.isSent && request?.reset !== true && !isFollowed;
    this.letGo();
    this.responses += 1;
    if (!isReusable) this.drop();
    else {
      this.longBody.end(!this.isPaused);
      this.resume();
      this.rest();
    }
    sink?.onResponseEnd(this);
  }

  private onEnd(socket: Socket): void {
    const { parser } = this;
    if (this.socket !== socket || parser === undefined) return;
    if (this.sink === undefined) {
      this.drop();
      return;
    }
    // A body may end with its connection (RFC 9112, 6.3); a response that was cut off may not.
    if (this.hasStarted && parser.finish() && this.hasEnded) {
      this.mayBeReused = false;
      this.finish(false);
    } else this.lost(new ConnectionLost("the target closed the connection before the end of its response"));
  }

  /** Takes back a request of which not a byte was written. */
  withdraw(error: Error): void {
    const { sink } = this;
    if (sink === undefined || this.isWritten) return;
    this.letGo();
    this.error = undefined;
    if (this.parser !== undefined) this.rest();
    sink.onResponseError(this, error);
  }

  /** Nothing that still comes from this request's side may get to the next one, whose place this is from now on. */
  private letGo(): void {
    this.body?.stop();
    this.body = undefined;
    this.head = "";
    this.request = undefined;
    this.sink = undefined;
  }

  private fail(error: Error): void {
    const { sink } = this;
    this.letGo();
    this.drop();
    sink?.onResponseError(this, error);
  }

  // What the caller asks for.

  pause(): void {
    this.isPaused = true;
    if (!this.isReading) return;
    this.isReading = false;
    this.socket?.pause();
  }

  resume(): void {
    this.isPaused = false;
    if (this.isReading) return;
    this.isReading = true;
    this.socket?.resume();
  }

  abort(error: Error): void {
    this.error ??= error;
    if (this.isWritten) this.socket?.destroy();
    else process.nextTick(withdraw, this, error);
  }
}

function withdraw(client: TargetClient, error: Error): void {
  client.withdraw(error);
}

const ignore = (): void => undefined;

/** What a head ends with that no body follows. */
function endOfHead(method: string): string {
  return payloadMethods.has(method) ? "content-length: 0\r\n\r\n" : "\r\n";
}

/**
 * Requests on connections that were used before are written after everything that has arrived was read: a target that
 * sends what nobody asked for, or has closed, is found out before its connection is used (GHSA-35p6-xmwp-9g52).
 */
const waiting: TargetClient[] = [];

function writeLater(client: TargetClient): void {
  if (waiting.push(client) === 1) setImmediate(writeAll);
}

function writeAll(): void {
  for (const client of waiting.splice(0)) client.write();
}
