import type { Socket } from "node:net";
import type { RawHeaders } from "../door.ts";
import { Sweep, type Watched } from "../sweep.ts";
import type { OutgoingRequest, ResponseControl, ResponseSink } from "./exchange-with-target.ts";
import { LongBody, readAsStream, readWith, type SocketReader } from "./read-buffer.ts";
import { RequestWriter, type RequestWriterUser } from "./request-writer.ts";
import { ResponseReader } from "./response-reader.ts";
import { ConnectionLost, ConnectionsClosed } from "./target-errors.ts";
import { writeLater } from "./write-later.ts";

/** Opens a socket with the `onread` of this engine, and calls back once, with one of both. */
export type Connect = (done: (error: Error | undefined, socket?: Socket) => void) => void;

export interface TargetClientOptions {
  readonly connect: Connect;
  readonly maxHeaderBytes: number;
  /** How long an unused connection is kept, unless the target's `Keep-Alive` says otherwise. */
  readonly keepAliveTimeoutMs: number;
}

/** All connections that wait for use: they are given up before the target would. */
const idle = new Sweep();

/**
 * One HTTP/1.1 connection to a target, or the place for one: it is opened with the first request, and again after it was
 * closed. It carries one request at a time.
 */
export class TargetClient implements ResponseControl, SocketReader, RequestWriterUser, Watched {
  earlier: Watched | undefined = undefined;
  later: Watched | undefined = undefined;
  nextBuffer: Buffer | undefined = undefined;
  ownsReads = false;
  responses = 0;
  private readonly options: TargetClientOptions;
  private socket: Socket | undefined = undefined;
  /** Of the connection that is open, or was. */
  private reader: ResponseReader | undefined = undefined;
  /** What has become of the last connection. */
  private upgraded: Socket | undefined = undefined;
  private isConnecting = false;
  private isClosed = false;
  private request: OutgoingRequest | undefined = undefined;
  private sink: ResponseSink | undefined = undefined;
  private readonly writer: RequestWriter = new RequestWriter(this);
  private idleLimit = 0;
  private isPaused = false;
  private isReading = false;
  private readonly longBody: LongBody = new LongBody(this);
  private error: Error | undefined = undefined;

  constructor(options: TargetClientOptions) {
    this.options = options;
  }

  get isConnected(): boolean {
    return this.socket !== undefined;
  }

  get headers(): string[] {
    return this.reader?.headers ?? [];
  }

  get trailers(): RawHeaders {
    return this.reader?.trailers ?? [];
  }

  /** The request is written when this turn of the loop has read all there is to read. */
  dispatch(request: OutgoingRequest, sink: ResponseSink): void {
    this.request = request;
    this.sink = sink;
    this.writer.expect();
    this.isPaused = false;
    this.error = undefined;
    if (this.isClosed) process.nextTick(withdraw, this, new ConnectionsClosed());
    else if (this.socket !== undefined) {
      idle.remove(this);
      this.reader?.begin(sink, request);
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
    this.close();
    if (this.sink !== undefined) this.abort(new ConnectionsClosed());
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
    const { maxHeaderBytes, keepAliveTimeoutMs } = this.options;
    this.socket = socket;
    this.reader = new ResponseReader(this, this.longBody, maxHeaderBytes, keepAliveTimeoutMs);
    this.responses = 0;
    this.isReading = true;
    this.ownsReads = false;
    readWith(socket, this);
    socket.setNoDelay(true);
    socket.on("end", () => this.onEnd(socket));
    socket.on("error", (error) => {
      // Of a connection that has seen nothing of the request it does not matter what became of it.
      if (this.socket === socket && (this.sink === undefined || this.writer.isBegun)) this.error ??= error;
    });
    socket.on("close", () => this.onClose(socket));
    if (this.request === undefined || this.sink === undefined) this.rest();
    else {
      this.reader.begin(this.sink, this.request);
      this.write();
    }
  }

  private onClose(socket: Socket): void {
    if (this.socket !== socket) return;
    this.detach();
    this.lost(new ConnectionLost("the target closed the connection before the end of a response"));
  }

  /** The connection is gone. A request of which it has seen nothing is none the worse, and gets another. */
  private lost(error: Error): void {
    if (this.sink === undefined || this.writer.isBegun || this.error !== undefined) this.fail(this.error ?? error);
    else {
      this.drop();
      this.open();
    }
  }

  /** From now on there is no connection here; the next request opens one. */
  private detach(): void {
    idle.remove(this);
    this.reader?.free();
    this.socket = undefined;
    this.longBody.end(false);
    this.nextBuffer = undefined;
  }

  /** Waits for the next request. */
  private rest(): void {
    if (this.isClosed) this.drop();
    else {
      this.idleLimit = idle.after(this.reader?.terms.idleMs);
      idle.add(this);
    }
  }

  tick(now: number): void {
    if (now >= this.idleLimit) this.drop();
  }

  private drop(): void {
    const { socket } = this;
    this.detach();
    socket?.destroy();
  }

  /** Called by {@link writeLater}, and for a fresh connection. */
  write(): void {
    const { request, sink, socket } = this;
    if (request === undefined || sink === undefined || socket === undefined || this.writer.isBegun) return;
    // Broken, and its events are still to come.
    if (socket.destroyed) {
      this.lost(new ConnectionLost("the connection broke before it was used"));
      return;
    }
    try {
      sink.onRequestStart(this);
      this.writer.write(socket, request);
    } catch (error) {
      this.withdraw(error as Error);
    }
  }

  onRequestWritten(): void {
    this.sink?.onRequestSent();
  }

  // The response.

  onBytes(bytes: Buffer): boolean {
    const { reader } = this;
    if (reader === undefined || this.socket === undefined) return false;
    if (this.sink === undefined || this.writer.isUnsent) {
      // Nobody has asked for it: what comes next on this connection would be taken for another's answer.
      if (this.sink === undefined) this.drop();
      else this.lost(new ConnectionLost("the target answered before it was asked"));
      return false;
    }
    const taken = reader.read(bytes);
    if (this.error !== undefined) this.fail(this.error);
    else if (reader.hasSwitched) this.handOver(bytes.subarray(taken));
    else if (reader.hasEnded) this.finish(reader, taken < bytes.length);
    else if (reader.problem !== undefined) this.fail(reader.problem);
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

  private finish(reader: ResponseReader, isFollowed: boolean): void {
    const { sink, request } = this;
    const isReusable = reader.mayBeReused && this.writer.isComplete && request?.reset !== true && !isFollowed;
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
    const { reader } = this;
    if (this.socket !== socket || reader === undefined) return;
    if (this.sink === undefined) this.drop();
    else if (reader.finish()) this.finish(reader, false);
    else this.lost(new ConnectionLost("the target closed the connection before the end of its response"));
  }

  /** Takes back a request of which not a byte was written. */
  withdraw(error: Error): void {
    const { sink } = this;
    if (sink === undefined) return;
    // Something of it has left in the meantime.
    if (!this.writer.isUnsent) this.socket?.destroy();
    else {
      this.letGo();
      this.error = undefined;
      if (this.socket !== undefined) this.rest();
      sink.onResponseError(this, error);
    }
  }

  private letGo(): void {
    this.writer.stop();
    this.request = undefined;
    this.sink = undefined;
  }

  private fail(error: Error): void {
    const { sink } = this;
    this.letGo();
    this.drop();
    sink?.onResponseError(this, error);
  }

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
    this.reader?.stop();
    if (!this.writer.isUnsent) this.socket?.destroy();
    else process.nextTick(withdraw, this, error);
  }
}

function withdraw(client: TargetClient, error: Error): void {
  client.withdraw(error);
}
