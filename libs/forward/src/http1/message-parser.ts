import { endField } from "./end-field.ts";
import { errorNames, methodNames, ok, paused, pausedForUpgrade, refused } from "./llhttp.ts";
import { bytesRead, type Callee, execute, finish, llhttp, reasonOf, windowBytes } from "./parser-call.ts";

/** Who is told what a parser reads. Nothing of it may throw, and none may give bytes to the parser that has called it. */
export interface MessageSink {
  /** The first byte of a message. */
  onMessageBegin(): void;
  /** Start line and headers are complete; says whether a body can follow. */
  onHead(parser: MessageParser): BodyRule;
  /** A piece of the body, in the memory of the chunk that was parsed: valid until this returns. */
  onBody(piece: Buffer): void;
  /** The message is over; trailers are in {@link MessageParser.headers}. Parsing stops here. */
  onMessageEnd(parser: MessageParser): void;
}

/** 0: as the headers say. 1: none, whatever they say (HEAD, 1xx). 2: what follows is another protocol. */
export type BodyRule = 0 | 1 | 2;

/** Why parsing stopped before the end of a chunk. */
export type Stop = "none" | "head" | "body" | "message_end" | "upgrade" | "error";

const requestType = 1;
const responseType = 2;
/** What tells the parser that a message ends with its head. */
const withoutBody = 1;
/** Text of a chunk up to here is decoded at once: almost always the whole head. */
const decodedBytes = 4 * 1024;
/** Bytes without content between two pieces of a chunked body: sizes and extensions (Node's own limit). */
const maxChunkOverheadBytes = 16 * 1024;

/**
 * Reads the messages of one connection, one at a time. Heads become flat lists of latin1 text as they stood on the wire,
 * bodies are pieces of the chunks that were given.
 */
export class MessageParser implements Callee {
  method = "";
  url = "";
  status = 0;
  /** Names and values in turn; those of the trailers once the head was handed over. */
  headers: string[] = [];
  /** The connection goes on after this message. Known with the head of a request, and with the end of a response. */
  keepAlive = false;
  /** What follows the message may be another protocol. */
  upgrade = false;
  stop: Stop = "none";
  /** Set by `onHead`: the bytes of the body, when their number is declared. They are counted and not parsed. */
  bodyLeft = 0;
  /** Nothing more of the body is handed on for the moment: `execute` stops. */
  isPaused = false;
  /** Set by `onHead`: the body is not read before `execute` is called again. */
  stopsAtHead = false;
  /** `HPE_…` and llhttp's own words, after the stop "error". */
  errorCode = "";
  errorReason = "";
  private pointer: number;
  private readonly sink: MessageSink;
  private readonly isRequest: boolean;
  private readonly maxHeaderBytes: number;
  private headerBytes = 0;
  private inName = false;
  private inBody = false;
  private inTrailers = false;
  private switches = false;
  private isRunning = false;
  private isFreed = false;
  /** Bytes read since the last piece of the body, in earlier chunks. */
  private overheadBytes = 0;
  /** Where the last piece of the body ended in this chunk; -1 while that is not known. */
  private bodyEnd = -1;

  constructor(type: "request" | "response", sink: MessageSink, maxHeaderBytes: number) {
    this.isRequest = type === "request";
    this.pointer = llhttp.llhttp_alloc(this.isRequest ? requestType : responseType);
    this.sink = sink;
    this.maxHeaderBytes = maxHeaderBytes;
  }

  /** Of HTTP. */
  get version(): string {
    const [major, minor] = [llhttp.llhttp_get_http_major(this.pointer), llhttp.llhttp_get_http_minor(this.pointer)];
    return major === 1 && minor === 1 ? "1.1" : `${major}.${minor}`;
  }

  /**
   * Reads on. Returns how many bytes were taken: all of them, or fewer with the reason in {@link stop}. After "head" and
   * "message_end" the rest is given again when more may come.
   */
  execute(bytes: Buffer): number {
    this.stop = "none";
    let taken = 0;
    while (taken < bytes.length && this.stop === "none" && !this.isFreed) {
      if (this.bodyLeft > 0) taken = this.countBody(bytes, taken);
      else taken += this.run(bytes, taken, Math.min(bytes.length - taken, windowBytes));
    }
    if (this.isFreed) this.free();
    return taken;
  }

  /** The connection has ended. True when that was a proper end of a message, or of none. */
  finish(): boolean {
    if (this.bodyLeft > 0) return false;
    const result = finish(this, this.pointer);
    // A message that ends with its connection was told to the sink, which pauses after each.
    return result === ok || result === paused;
  }

  free(): void {
    this.isFreed = true;
    // Where a sink ends its own connection, the call that has led there is still to come back.
    if (this.pointer === 0 || this.isRunning) return;
    llhttp.llhttp_free(this.pointer);
    this.pointer = 0;
  }

  /** Hands on what a body of declared length has of these bytes. */
  private countBody(bytes: Buffer, start: number): number {
    const end = Math.min(bytes.length, start + this.bodyLeft);
    this.bodyLeft -= end - start;
    this.sink.onBody(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end));
    if (this.bodyLeft === 0) {
      this.stop = "message_end";
      this.sink.onMessageEnd(this);
    }
    return end;
  }

  private run(bytes: Buffer, start: number, length: number): number {
    const part = start === 0 && length === bytes.length ? bytes : bytes.subarray(start, start + length);
    const text = this.inBody || start > 0 ? "" : bytes.toString("latin1", 0, Math.min(length, decodedBytes));
    this.bodyEnd = start;
    this.isRunning = true;
    const result = execute(this, this.pointer, part, bytes, start, text);
    this.isRunning = false;
    if (result === ok) {
      if (this.inBody) this.countOverhead(start + length);
      return length;
    }
    const used = bytesRead(this.pointer);
    if (result === paused || result === pausedForUpgrade) this.halt(result);
    else this.failed(result);
    return used;
  }

  /** Why it has stopped; it is ready to go on, unless the connection has become something else. */
  private halt(result: number): void {
    if (this.switches) {
      this.stop = "upgrade";
      return;
    }
    if (this.stopsAtHead) this.stop = "head";
    else if (this.inBody) this.stop = "body";
    // To the parser, a message whose body is counted ends with its head.
    else if (this.bodyLeft === 0) this.stop = "message_end";
    this.stopsAtHead = false;
    if (result === paused) llhttp.llhttp_resume(this.pointer);
    // A request that may ask for another protocol, and gets none: the next one follows.
    else llhttp.llhttp_resume_after_upgrade(this.pointer);
  }

  private failed(result: number): void {
    this.stop = "error";
    // A callback that refused has said why.
    if (this.errorCode !== "") return;
    // Node's llhttp would have stopped at that field, and not at what is wrong behind it.
    if (!this.inBody && this.hasEmptyCoding()) {
      this.refuse("HPE_INVALID_TRANSFER_ENCODING");
      return;
    }
    this.errorCode = errorNames[result] ?? "HPE_INTERNAL";
    this.errorReason = reasonOf(this.pointer);
  }

  // What llhttp calls.

  begin(): number {
    this.method = "";
    this.url = "";
    this.startFields();
    this.sink.onMessageBegin();
    return ok;
  }

  urlPiece(piece: string): number {
    this.url = this.url === "" ? piece : this.url + piece;
    return this.count(piece.length);
  }

  namePiece(piece: string): number {
    const { headers } = this;
    this.inTrailers = this.inBody;
    if (this.inName) headers[headers.length - 1] += piece;
    else {
      if (this.hasEmptyCoding()) return this.refuse("HPE_INVALID_TRANSFER_ENCODING");
      endField(headers);
      headers.push(piece);
      this.inName = true;
    }
    return this.count(piece.length);
  }

  valuePiece(piece: string): number {
    const { headers } = this;
    this.inName = false;
    if (headers.length % 2 === 1) headers.push(piece);
    else headers[headers.length - 1] += piece;
    return this.count(piece.length);
  }

  head(status: number, upgrade: boolean): number {
    if (this.isRequest) this.method = methodNames[llhttp.llhttp_get_method(this.pointer)] as string;
    this.status = status;
    this.upgrade = upgrade;
    this.keepAlive = this.isRequest && this.mayContinue();
    if (this.hasEmptyCoding()) return this.refuse("HPE_INVALID_TRANSFER_ENCODING");
    endField(this.headers);
    const rule = this.sink.onHead(this);
    this.startFields();
    this.inBody = true;
    // The body begins somewhere in this chunk; what stands before it is the head, and was counted.
    this.bodyEnd = -1;
    this.switches = rule === 2;
    if (rule !== 0) return rule;
    if (this.bodyLeft > 0) return withoutBody;
    return this.stopsAtHead ? paused : ok;
  }

  body(chunk: Buffer, start: number, length: number): number {
    if (this.bodyEnd >= 0 && this.overheadBytes + start - this.bodyEnd > maxChunkOverheadBytes) {
      return this.refuse("HPE_CHUNK_EXTENSIONS_OVERFLOW");
    }
    this.overheadBytes = 0;
    this.bodyEnd = start + length;
    this.sink.onBody(start === 0 && length === chunk.length ? chunk : chunk.subarray(start, start + length));
    return this.isPaused ? paused : ok;
  }

  end(): number {
    this.inBody = false;
    this.overheadBytes = 0;
    if (this.bodyLeft > 0) {
      if (!this.isRequest) this.keepAlive = this.mayContinue();
      return this.pause();
    }
    // Only now: whether a response needs the end of its connection depends on what its request was.
    if (!this.isRequest) this.keepAlive = this.mayContinue();
    endField(this.headers);
    this.sink.onMessageEnd(this);
    return this.pause();
  }

  /** Where a message may be followed by another protocol, the parser stops by itself, and only once. */
  private pause(): number {
    return this.upgrade ? ok : paused;
  }

  private mayContinue(): boolean {
    return llhttp.llhttp_should_keep_alive(this.pointer) === 1;
  }

  private startFields(): void {
    // Always another one: the head's was given away.
    this.headers = [];
    this.headerBytes = 0;
    this.inName = false;
    this.inTrailers = false;
  }

  private count(bytes: number): number {
    this.headerBytes += bytes;
    return this.headerBytes < this.maxHeaderBytes ? ok : this.refuse("HPE_HEADER_OVERFLOW");
  }

  /** The field that ends here is a `Transfer-Encoding` without a value: Node's llhttp refuses it, this older one does not. */
  private hasEmptyCoding(): boolean {
    const { headers } = this;
    if (headers[headers.length - 1] !== "" || !this.isRequest) return false;
    return headers.at(-2)?.toLowerCase() === "transfer-encoding";
  }

  private countOverhead(end: number): void {
    // Trailers are counted as headers are.
    if (this.bodyEnd < 0 || this.inTrailers) return;
    this.overheadBytes += end - this.bodyEnd;
    if (this.overheadBytes <= maxChunkOverheadBytes) return;
    this.refuse("HPE_CHUNK_EXTENSIONS_OVERFLOW");
    this.stop = "error";
  }

  private refuse(code: string): number {
    this.errorCode = code;
    return refused;
  }
}
