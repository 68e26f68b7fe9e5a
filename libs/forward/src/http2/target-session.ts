import { type ClientHttp2Session, connect, constants } from "node:http2";
import type { Socket } from "node:net";
import type { OutgoingRequest, ResponseSink } from "../http1/exchange-with-target.ts";
import { Sweep, type Watched } from "../sweep.ts";
import { TargetStream } from "./target-stream.ts";

export interface TargetSessionOptions {
  readonly origin: string;
  readonly maxHeaderBytes: number;
  /** How long an unused connection is kept. */
  readonly keepAliveTimeoutMs: number;
  /** How long a connection is given new requests. */
  readonly maxAgeMs: number;
  /** It has room for more, or it is no more. */
  onChange(session: TargetSession): void;
}

/** It takes one request until it has said how many. */
const unsaid = -1;
/** Requests at once on one connection, if the target allows as many. */
const maxStreams = 100;
/** What a target may send of one body before it is read, and of all that are under way. */
const streamWindow = 256 * 1024;
const sessionWindow = 1024 * 1024;
/** Of one head. */
const maxFields = 4_000;
/** What the session may hold of heads and bodies that nobody takes, in MB: more than all windows together. */
const maxMemory = 64;
/** How long a connection has to prove that it is alive, once it is in doubt. */
const probeMs = 2_000;

/** Connections on which nothing is under way, and those in doubt. */
const watch = new Sweep();

/** One HTTP/2 connection to a target (RFC 9113). Its requests are independent of each other. */
export class TargetSession implements Watched {
  earlier: Watched | undefined = undefined;
  later: Watched | undefined = undefined;
  /** Responses that it has carried. */
  responses = 0;
  streams = 0;
  isOpen = true;
  private readonly options: TargetSessionOptions;
  private readonly session: ClientHttp2Session;
  private readonly openedAt = performance.now();
  private isInDoubt = false;
  private mostStreams = unsaid;
  private limit: number;

  constructor(socket: Socket, options: TargetSessionOptions) {
    this.options = options;
    this.session = connect(options.origin, {
      createConnection: () => socket,
      maxHeaderListPairs: maxFields,
      maxSendHeaderBlockLength: 2 * options.maxHeaderBytes,
      maxSessionMemory: maxMemory,
      peerMaxConcurrentStreams: maxStreams,
      settings: {
        enablePush: false,
        initialWindowSize: streamWindow,
        maxHeaderListSize: options.maxHeaderBytes,
      },
    });
    this.session.once("connect", () => this.session.setLocalWindowSize(sessionWindow));
    this.session.on("remoteSettings", ({ maxConcurrentStreams = maxStreams }) => {
      this.mostStreams = Math.min(maxStreams, maxConcurrentStreams);
      options.onChange(this);
    });
    this.session.on("goaway", () => this.retire());
    // Every failure reaches the streams it belongs to.
    this.session.on("error", () => this.retire());
    this.session.on("close", () => this.retire());
    this.limit = watch.after(options.keepAliveTimeoutMs);
    watch.add(this);
  }

  /** The target has yet to say how many requests it takes at once. */
  get isNew(): boolean {
    return this.isOpen && !this.isInDoubt && this.mostStreams === unsaid;
  }

  get hasRoom(): boolean {
    return this.isOpen && !this.isInDoubt && this.streams < (this.mostStreams === unsaid ? 1 : this.mostStreams);
  }

  /** It is given no new requests, so that the target's name is looked up again. */
  get isOld(): boolean {
    return performance.now() - this.openedAt > this.options.maxAgeMs;
  }

  dispatch(request: OutgoingRequest, sink: ResponseSink): void {
    if (this.streams === 0) watch.remove(this);
    this.streams += 1;
    new TargetStream(this.session, this, request, sink).start();
  }

  onStreamClosed(hasResponse: boolean): void {
    this.streams -= 1;
    if (hasResponse) this.responses += 1;
    if (this.isOld) this.retire();
    if (this.streams > 0 || this.isInDoubt) return;
    this.limit = watch.after(this.options.keepAliveTimeoutMs);
    watch.add(this);
  }

  /** A request got no answer in time: perhaps nobody is there any more. Whoever comes next need not find out himself. */
  probe(): void {
    if (!this.isOpen || this.isInDoubt) return;
    this.isInDoubt = true;
    watch.remove(this);
    this.limit = watch.after(probeMs);
    watch.add(this);
    const isAsked = this.session.ping((error) => {
      if (error !== null || !this.isInDoubt) return;
      this.isInDoubt = false;
      watch.remove(this);
      if (this.streams === 0) watch.add(this);
      this.options.onChange(this);
    });
    if (!isAsked) this.destroy();
  }

  tick(now: number): void {
    if (now < this.limit) return;
    if (this.isInDoubt) this.destroy();
    else this.retire();
  }

  /** No further request is sent on it; those under way end undisturbed. */
  retire(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    watch.remove(this);
    if (!this.session.closed) this.session.close();
    this.options.onChange(this);
  }

  destroy(): void {
    this.retire();
    this.session.destroy(undefined, constants.NGHTTP2_CANCEL);
  }
}
