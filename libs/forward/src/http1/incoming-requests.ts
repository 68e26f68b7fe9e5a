import type { Socket } from "node:net";
import type { Malformation, RawHeaders } from "../door.ts";
import type { HttpStreamUser } from "../http-stream.ts";
import { type RequestHead, readRequestHead } from "../request-head.ts";
import { wantedUpgrade } from "../upgrade.ts";
import { type BodyRule, MessageParser, type MessageSink } from "./message-parser.ts";
import { LongBody, type SocketReader } from "./read-buffer.ts";

/** Who is told of the requests of a connection. */
export interface RequestTaker {
  /** The first byte of a request has come. */
  onRequestBegin(): void;
  /** A request is there: somebody takes it, and its body when it is wanted. */
  onRequest(): void;
  /** What came is no request. `code` is that of Node's own server. */
  onMalformed(error: { code: string; reason: string }): void;
}

/** What a client sends ahead of its turn is kept up to this; above it the connection is not read. */
const maxAheadBytes = 64 * 1024;
/** So many requests of one connection are begun before all others have their turn. */
const maxRequestsPerTurn = 16;
const none: readonly string[] = [];

/**
 * Reads the requests of one connection, one at a time and in order: the next one is not parsed before somebody has let go
 * of the one before, and no body before it is wanted.
 */
export class IncomingRequests implements MessageSink, SocketReader {
  nextBuffer: Buffer | undefined = undefined;
  ownsReads = false;
  method = "";
  url = "";
  headers: RawHeaders = none;
  httpVersion = "1.1";
  /** How the request is framed, or what is wrong with it. */
  framing: RequestHead | Malformation = "bad_request";
  /** What the request asks its connection to become. */
  upgrade: string | undefined = undefined;
  /** The last byte of the request was read. */
  isReceived = true;
  /** Nothing more is read as a request. */
  isOver = false;
  /** Whose request is under way. */
  user: HttpStreamUser | undefined = undefined;
  private readonly socket: Socket;
  private readonly taker: RequestTaker;
  private readonly allowsUpgrades: boolean;
  private readonly parser: MessageParser;
  private readonly longBody: LongBody = new LongBody(this);
  /** Bytes that are not parsed yet. */
  private ahead: Buffer | undefined = undefined;
  private isParsing = false;
  private isReading = true;
  private bodyIsWanted = false;
  private bodyIsPaused = false;
  private isPipelined = false;
  private begunInTurn = 0;
  /** It has had its turn, and waits for the next one. */
  private isDeferred = false;

  constructor(socket: Socket, taker: RequestTaker, maxHeaderBytes: number, allowsUpgrades: boolean) {
    this.socket = socket;
    this.taker = taker;
    this.allowsUpgrades = allowsUpgrades;
    this.parser = new MessageParser("request", this, maxHeaderBytes);
  }

  /** Some of the next request is here already. */
  get hasMore(): boolean {
    return this.ahead !== undefined;
  }

  /** The connection may go on after the request, as far as its client says. */
  get keepAlive(): boolean {
    return this.parser.keepAlive;
  }

  onBytes(bytes: Buffer): boolean {
    if (this.isOver) return true;
    if (!this.isDeferred) this.begunInTurn = 0;
    this.ahead = this.ahead === undefined ? bytes : Buffer.concat([this.ahead, bytes]);
    this.parse();
    const { ahead } = this;
    // The next read goes into the same memory, perhaps another connection's.
    if (ahead !== undefined && ahead.buffer === bytes.buffer) this.ahead = Buffer.from(ahead);
    this.isReading = this.wantsBytes();
    return this.isReading;
  }

  /** Only reading tells that a client is gone, so it goes on whenever there is room. */
  private wantsBytes(): boolean {
    // Behind the last answer, for nobody: so that the client gets to it.
    if (this.isOver) return true;
    if (this.user !== undefined && !this.isReceived) return this.bodyIsWanted && !this.bodyIsPaused;
    return (this.ahead?.length ?? 0) < maxAheadBytes;
  }

  private parse(): void {
    // Somebody wants the body while its head is handed on: the loop below goes on by itself.
    if (this.isParsing) return;
    this.isParsing = true;
    while (this.ahead !== undefined && this.mayParse()) {
      const bytes: Buffer = this.ahead;
      const taken = this.parser.execute(bytes);
      this.ahead = taken < bytes.length ? bytes.subarray(taken) : undefined;
      this.react();
    }
    this.isParsing = false;
  }

  private mayParse(): boolean {
    if (this.isOver || this.socket.destroyed) return false;
    if (this.user === undefined && this.begunInTurn >= maxRequestsPerTurn) {
      this.defer();
      return false;
    }
    return this.user === undefined || (!this.isReceived && this.bodyIsWanted && !this.bodyIsPaused);
  }

  private defer(): void {
    if (this.isDeferred) return;
    this.isDeferred = true;
    setImmediate(() => {
      this.isDeferred = false;
      this.begunInTurn = 0;
      this.next();
    });
  }

  private react(): void {
    const { stop, errorCode, errorReason } = this.parser;
    if (stop === "error") this.taker.onMalformed({ code: errorCode, reason: errorReason });
    else if (stop === "head") this.begin(false);
    else if (stop === "message_end" || stop === "upgrade") {
      if (this.user === undefined) this.begin(true);
      else this.endBody(this.user);
    }
  }

  private begin(isReceived: boolean): void {
    this.begunInTurn += 1;
    this.isReceived = isReceived;
    if (!isReceived && typeof this.framing !== "string") this.longBody.expect(this.framing.contentLength);
    // Sent before the answers to other requests were known: an ordinary request.
    if (this.isPipelined) this.upgrade = undefined;
    this.bodyIsWanted = false;
    this.bodyIsPaused = false;
    this.taker.onRequest();
  }

  private endBody(user: HttpStreamUser): void {
    this.isReceived = true;
    this.parser.isPaused = false;
    this.longBody.end(!this.bodyIsPaused);
    user.onRequestEnd();
  }

  onMessageBegin(): void {
    this.taker.onRequestBegin();
  }

  onHead(parser: MessageParser): BodyRule {
    this.method = parser.method;
    this.url = parser.url;
    this.headers = parser.headers;
    this.httpVersion = parser.version;
    this.framing = readRequestHead(parser.headers, this.httpVersion);
    this.upgrade = this.mayUpgrade(parser) ? wantedUpgrade(parser.headers) : undefined;
    // It asks for a tunnel, and this is no forward proxy.
    if (parser.method === "CONNECT") this.framing = "bad_request";
    if (typeof this.framing === "string") {
      // How it goes on can't be known; the connection ends with the answer.
      parser.stopsAtHead = true;
    } else if (this.framing.hasBody) {
      parser.stopsAtHead = true;
      parser.bodyLeft = this.framing.contentLength ?? 0;
    }
    return 0;
  }

  /** Whoever asks with a body, or has asked for more already, gets an ordinary answer. */
  private mayUpgrade(parser: MessageParser): boolean {
    const isPlain = typeof this.framing === "object" && !this.framing.hasBody && this.httpVersion === "1.1";
    return parser.upgrade && isPlain && this.allowsUpgrades && parser.method !== "CONNECT";
  }

  onBody(piece: Buffer): void {
    this.longBody.saw(piece.length);
    this.user?.onRequestChunk(piece);
  }

  onMessageEnd(): void {}

  // What is done with them.

  readBody(): void {
    this.bodyIsWanted = true;
    this.bodyIsPaused = false;
    this.parser.isPaused = false;
    if (this.isReceived) return;
    this.parse();
    this.readOn();
  }

  pauseBody(): void {
    this.bodyIsPaused = true;
    if (this.isReceived) return;
    this.parser.isPaused = true;
    // While bytes are being read, the end of that says so.
    if (this.isParsing || !this.isReading) return;
    this.isReading = false;
    this.socket.pause();
  }

  /** Goes on with what was sent ahead. */
  next(): void {
    this.isPipelined = true;
    this.parse();
    this.isPipelined = false;
    this.readOn();
  }

  readOn(): void {
    if (this.isReading || this.isParsing || this.socket.destroyed || !this.wantsBytes()) return;
    this.isReading = true;
    this.socket.resume();
  }

  /** Reads no more requests. Returns what was read ahead. */
  stop(): Buffer | undefined {
    const { ahead } = this;
    this.isOver = true;
    this.ahead = undefined;
    return ahead;
  }

  /** The connection is closed. */
  close(): void {
    this.isOver = true;
    this.parser.free();
    // A body that broke off gives its memory back as well.
    this.longBody.end(false);
  }
}
