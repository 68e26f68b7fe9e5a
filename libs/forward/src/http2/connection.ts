import { constants, performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import type { TLSSocket } from "node:tls";
import { ClientIdentity } from "../client-identity.ts";
import type { ListenerOptions } from "../door.ts";
import type { ListenerState } from "../listener-state.ts";
import { ServerExchange } from "../server-exchange.ts";
import { Sweep, type Watched } from "../sweep.ts";
import { readRequestFields } from "./request-fields.ts";
import { Http2Stream, type StreamOwner } from "./stream.ts";

export interface Http2ConnectionOptions {
  readonly maxHeaderBytes: number;
  /** Time from the handshake to the first request. */
  readonly headersTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  /** Watches connections on which nothing is under way. */
  readonly idle: Sweep;
  onRequest(stream: Http2Stream): void;
  onClosed(connection: Http2Connection): void;
}

/** Requests at once on one connection. */
const maxStreams = 100;
/** Of one head, its pseudo-fields included. */
const maxFields = 512;
const lastPossibleStream = 2 ** 31 - 1;
/** What the session may keep of heads and of bodies that nobody takes, in MB. */
const maxMemory = 2;

/** One accepted HTTP/2 connection. Its streams are independent of each other; here is what they share. */
export class Http2Connection implements StreamOwner, Watched {
  earlier: Watched | undefined = undefined;
  later: Watched | undefined = undefined;
  readonly socket: TLSSocket;
  readonly remoteAddress: string;
  /** Who vouched for this client may not be trusted any more. */
  isRetired = false;
  private readonly options: Http2ConnectionOptions;
  private readonly session: ServerHttp2Session;
  private streams = 0;
  private isEnding = false;
  private limit: number;
  private readonly identity: ClientIdentity;

  constructor(socket: TLSSocket, options: Http2ConnectionOptions) {
    this.socket = socket;
    this.options = options;
    this.identity = new ClientIdentity(socket);
    this.remoteAddress = this.identity.address;
    this.session = performServerHandshake(socket, {
      maxHeaderListPairs: maxFields,
      maxSessionMemory: maxMemory,
      settings: {
        maxConcurrentStreams: maxStreams,
        maxHeaderListSize: options.maxHeaderBytes,
        enableConnectProtocol: false,
      },
    });
    this.session.on("error", () => this.session.destroy());
    this.session.on("stream", (stream, _headers, _flags, fields) => this.onStream(stream, fields));
    this.session.on("close", () => this.onClose());
    // A client that connects owes a request; one that had an answer may take its time.
    this.limit = options.idle.after(options.headersTimeoutMs);
    options.idle.add(this);
  }

  get certificate(): Uint8Array | undefined {
    return this.identity.certificate;
  }

  /** Clients may go elsewhere in time; all are served as before (RFC 9113, 6.8). */
  announceEnd(): void {
    if (!this.isEnding && !this.session.destroyed) this.session.goaway(constants.NGHTTP2_NO_ERROR, lastPossibleStream);
  }

  /** No further request is taken; those under way are answered. */
  drain(): void {
    if (this.isEnding) return;
    this.isEnding = true;
    this.session.close();
  }

  retire(): void {
    this.isRetired = true;
    if (this.streams === 0) this.session.destroy();
    else this.drain();
  }

  onStreamOver(): void {
    this.streams -= 1;
    if (this.streams > 0) return;
    this.limit = this.options.idle.after(this.options.keepAliveTimeoutMs);
    this.options.idle.add(this);
  }

  tick(now: number): void {
    if (now < this.limit) return;
    this.options.idle.remove(this);
    this.drain();
    // Whoever leaves our farewell unanswered has nothing under way.
    this.session.destroy();
  }

  private onStream(stream: ServerHttp2Stream, fields: readonly string[]): void {
    if (this.streams === 0) this.options.idle.remove(this);
    this.streams += 1;
    this.options.onRequest(new Http2Stream(stream, readRequestFields(fields, stream.endAfterHeaders), this));
  }

  private onClose(): void {
    this.options.idle.remove(this);
    this.socket.destroy();
    this.options.onClosed(this);
  }
}

/** What the connections of a listener share. */
export function http2Options(
  { maxHeaderBytes = 1024 * 1024, headersTimeoutMs = 60_000, keepAliveTimeoutMs = 75_000 }: ListenerOptions,
  state: ListenerState,
  onClosed: (connection: Http2Connection) => void,
): Http2ConnectionOptions {
  const onRequest = (stream: Http2Stream): void => new ServerExchange(stream, state).start();
  return { maxHeaderBytes, headersTimeoutMs, keepAliveTimeoutMs, idle: new Sweep(), onRequest, onClosed };
}
