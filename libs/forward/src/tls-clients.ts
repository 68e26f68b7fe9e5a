import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { ListenerTls } from "./door.ts";

/** A connection of a TLS listener. */
interface Connection {
  readonly socket: Socket;
  /** Ends it as soon as nothing is under way on it. */
  retire(): void;
}

/** What is under way on a connection that must end has so long. */
const graceMs = 30_000;

/** Which clients a TLS listener takes, beyond what the handshake itself finds out. */
export class TlsClients {
  private tls: ListenerTls;
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(tls: ListenerTls) {
    this.tls = tls;
  }

  /** Of a connection whose handshake is over. */
  admits(socket: TLSSocket): boolean {
    const { admits } = this.tls;
    if (admits === undefined) return true;
    const certificate = socket.getPeerX509Certificate();
    return certificate !== undefined && admits(certificate);
  }

  /**
   * Other settings count from now on. Certificates are checked in the handshake, so a connection would outlive the
   * authority that let it in: those whose clients are not to be kept end.
   */
  replace(tls: ListenerTls, connections: Iterable<Connection>): void {
    const { keeps } = tls;
    const isOther = tls.ca !== this.tls.ca;
    const retired: Connection[] = [];
    this.tls = tls;
    for (const connection of connections) {
      const certificate = (connection.socket as TLSSocket).getPeerX509Certificate();
      if (keeps === undefined ? isOther : certificate === undefined || !keeps(certificate)) {
        retired.push(connection);
        connection.retire();
      }
    }
    if (retired.length > 0) this.breakLater(retired);
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private breakLater(connections: readonly Connection[]): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      for (const { socket } of connections) socket.destroy();
    }, graceMs);
    timer.unref();
    this.timers.add(timer);
  }
}
