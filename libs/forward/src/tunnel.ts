import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { ClientSide, ExchangeUser } from "./client-side.ts";
import type { ForwardFailure } from "./door.ts";

const defaultIdleMs = 5 * 60_000;
/** How long the target has to take what a client left behind. */
const lingerMs = 2_000;

/** What has become of an upgraded connection. */
export interface TunnelEnd {
  /** Bytes from the client, and to it. */
  sent: number;
  received: number;
  /** Undefined when both sides ended of their own accord. */
  failure: ForwardFailure | undefined;
}

export interface TunnelOptions {
  /** Between any two bytes. 0: no limit. */
  idleMs: number | undefined;
  onClosed: (end: TunnelEnd) => void;
}

/**
 * An upgraded exchange: two connections made one. What comes from either goes to the other as it is, as fast as that
 * takes it. An end in one direction leaves the other open; an error of one side, and silence, break both.
 */
export class Tunnel implements ExchangeUser {
  private readonly exchange: ClientSide;
  private readonly client: Socket;
  private readonly target: Socket;
  private readonly idleMs: number;
  private readonly onClosed: (end: TunnelEnd) => void;
  private sent = 0;
  private received = 0;
  private ends = 0;
  private failure: ForwardFailure | undefined = undefined;
  private deadline: number;

  constructor(exchange: ClientSide, client: Socket, target: Socket, { idleMs, onClosed }: TunnelOptions) {
    this.exchange = exchange;
    this.client = client;
    this.target = target;
    this.idleMs = idleMs ?? defaultIdleMs;
    this.onClosed = onClosed;
    this.deadline = exchange.after(this.idleMs);
    exchange.attach(this);
    // The other direction may go on after an end.
    client.allowHalfOpen = true;
    target.allowHalfOpen = true;
    client.on("data", (chunk: Buffer) => {
      this.sent += chunk.length;
      this.pass(chunk, client, target);
    });
    target.on("data", (chunk: Buffer) => {
      this.received += chunk.length;
      this.pass(chunk, target, client);
    });
    this.join(client, target);
    this.join(target, client);
    target.on("close", () => {
      if (client.destroyed) this.close();
    });
  }

  tick(now: number): void {
    if (now < this.deadline) return;
    this.failure ??= { kind: "timeout" };
    breakOff(this.client);
    breakOff(this.target);
  }

  onClientGone(): void {
    if (this.target.destroyed) this.close();
    else this.deadline = Math.min(this.deadline, this.exchange.after(lingerMs));
  }

  onExpired(): void {}
  onRequestChunk(): void {}
  onRequestEnd(): void {}
  onRequestStalled(): void {}
  onClientWritable(): void {}
  onResponseSent(): void {}

  private pass(chunk: Buffer, from: Socket, to: Socket): void {
    this.deadline = this.exchange.after(this.idleMs);
    if (!to.write(chunk)) from.pause();
  }

  private join(from: Socket, to: Socket): void {
    to.on("drain", () => {
      this.deadline = this.exchange.after(this.idleMs);
      from.resume();
    });
    from.on("end", () => {
      this.ends += 1;
      to.end();
    });
    from.on("error", (error) => {
      this.failure ??= { kind: from === this.client ? "client_gone" : "reset", error };
    });
    from.on("close", () => {
      // Without an end it was broken off, and so is the other; else what it has sent is still on its way.
      if (!from.readableEnded) breakOff(to);
      else if (!from.writableFinished) to.destroySoon();
    });
  }

  private close(): void {
    const { sent, received, ends } = this;
    // Nobody's error, and yet not all was said: somebody broke the connection, and no packet told why.
    const failure = this.failure ?? (ends < 2 ? ({ kind: "reset" } as const) : undefined);
    this.exchange.tunnelClosed();
    this.onClosed({ sent, received, failure });
  }
}

/** Ends a connection so that nobody takes what it has got for all there was. Over TLS there is no reset. */
function breakOff(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}
