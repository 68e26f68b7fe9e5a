import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type SecureContextOptions } from "node:tls";
import { readRequest } from "../http1/strict-request.ts";
import { type Activity, breakOff, moment, never } from "./activity.ts";
import type { Reply, TargetConnectionSeen } from "./exchange.ts";
import { readMessages } from "./messages.ts";

const ordinary: Reply = { after: "request", parts: ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"], ending: "keep" };
const ordinaryHead: Reply = { ...ordinary, parts: ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"] };

/** The request by which the client finds out whether its connection is still of use, and the answer. */
export const probePath = "/the-probe";
export const probeAnswer = "the probe's answer";
const probed: Reply = {
  after: "request",
  parts: [`HTTP/1.1 200 OK\r\nContent-Length: ${probeAnswer.length}\r\n\r\n${probeAnswer}`],
  ending: "keep",
};

/** A target of nothing but sockets and a strict reader, which says what it is told and keeps what it hears. */
export class ScriptedTarget {
  private readonly server: Server;
  private readonly activity: Activity;
  private connections: TargetSide[] = [];
  private readonly open = new Set<TargetSide>();
  private replies: readonly Reply[] = [];
  private used = 0;

  constructor(activity: Activity, tls: SecureContextOptions | undefined) {
    this.activity = activity;
    const accept = (socket: Socket): void => {
      const side = new TargetSide(socket, this.activity, (head) => this.next(head));
      this.connections.push(side);
      this.open.add(side);
      socket.on("close", () => this.open.delete(side));
    };
    this.server = tls === undefined ? createServer({ allowHalfOpen: true }, accept) : createTls(tls, accept);
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen({ port: 0, host: "127.0.0.1", backlog: 1024 }, resolve));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async begin(replies: readonly Reply[]): Promise<void> {
    // One that was opened for a call that had been given up by then would be used now, and not be seen.
    while (this.open.size > 0) await Promise.all([...this.open].map((side) => side.close()));
    this.connections = [];
    this.replies = replies;
    this.used = 0;
  }

  /** What arrived; then all that is still open is closed, and the other side has learned of it. */
  async finish(): Promise<TargetConnectionSeen[]> {
    const seen = this.connections.map((connection) => connection.seen());
    await Promise.all(this.connections.map((connection) => connection.close()));
    return seen;
  }

  async stop(): Promise<void> {
    for (const connection of this.connections) connection.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private next(head: string): Reply {
    if (head.includes(probePath)) return probed;
    const reply = this.replies[this.used++];
    return reply ?? (head.startsWith("HEAD ") ? ordinaryHead : ordinary);
  }
}

function createTls(tls: SecureContextOptions, accept: (socket: Socket) => void): Server {
  const server = createTlsServer({ ...tls, allowHalfOpen: true, ALPNProtocols: ["http/1.1"] }, accept);
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  return server;
}

/** How long the other side has to notice an end. */
const closeMs = 5_000;

class TargetSide {
  private readonly socket: Socket;
  private readonly activity: Activity;
  private readonly next: (head: string) => Reply;
  private received = "";
  /** Where the request begins that is not whole yet. */
  private at = 0;
  private isBusy = false;
  /** The request that is not whole yet has its reply. */
  private isAnswered = false;
  private isTunnel = false;
  private after: TargetConnectionSeen["after"] = "kept";
  private hasEnded = false;

  constructor(socket: Socket, activity: Activity, next: (head: string) => Reply) {
    this.socket = socket;
    this.activity = activity;
    this.next = next;
    socket.setNoDelay(true);
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      activity.heard();
      this.received += text;
      this.read();
    });
    socket.on("end", () => this.sawEnd());
    socket.on("error", () => this.sawEnd());
    socket.on("close", activity.heard);
  }

  /**
   * Whether it was by a reset does not count: the kernel makes one of the end of a socket with something unread, and what
   * has been read at that moment is a matter of chance.
   */
  private sawEnd(): void {
    this.activity.heard();
    this.after = "ended";
    // Nothing more will come, nor be read.
    if (!this.isTunnel && !this.hasEnded) this.socket.end();
  }

  private read(): void {
    if (this.isTunnel || this.isBusy) return;
    const unread = this.received.slice(this.at);
    if (unread === "") return;
    const parsed = readRequest(unread);
    if ("malformed" in Object(parsed)) {
      this.destroy();
      return;
    }
    if (parsed !== "incomplete" && "request" in parsed) {
      this.at += parsed.length;
      if (this.isAnswered) {
        this.isAnswered = false;
        this.read();
      } else void this.answer(this.pending ?? this.next(unread));
      return;
    }
    if (this.isAnswered || !unread.includes("\r\n\r\n")) return;
    this.pending ??= this.next(unread);
    if (this.pending.after !== "head") return;
    this.isAnswered = true;
    void this.answer(this.pending);
  }

  /** The reply to the request that is on its way, once its head was there. */
  private pending: Reply | undefined = undefined;

  private async answer({ parts, ending }: Reply): Promise<void> {
    this.pending = undefined;
    this.isBusy = true;
    for (const [index, part] of parts.entries()) {
      if (index > 0) await moment();
      if (!this.socket.writable) break;
      this.socket.write(part, "latin1");
    }
    this.isTunnel = parts[0]?.startsWith("HTTP/1.1 101 ") ?? false;
    if (ending === "end") this.end();
    if (ending === "reset") {
      // What was written before has arrived by then: a reset overtakes what is not read.
      await this.activity.until(never, 30);
      this.hasEnded = true;
      // By its own hand: whether the other side was there first is chance.
      this.after = "ended";
      breakOff(this.socket);
    }
    this.isBusy = false;
    this.read();
  }

  private end(): void {
    this.hasEnded = true;
    this.socket.end();
  }

  seen(): TargetConnectionSeen {
    const { texts, rest } = readMessages(this.received, "requests", [], false);
    return { received: rest === "" ? texts : [...texts, rest], after: this.after };
  }

  async close(): Promise<void> {
    const { socket } = this;
    if (socket.closed) return;
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    const late = setTimeout(() => socket.destroy(), closeMs);
    socket.end();
    await closed;
    clearTimeout(late);
  }

  destroy(): void {
    this.hasEnded = true;
    this.socket.destroy();
  }
}
