import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";

/** Who is at the other end of an accepted connection. Looking it up costs native calls, so it is done once, and when asked. */
export class ClientIdentity {
  readonly #socket: Socket;
  #address: string | undefined;
  #certificate: Uint8Array | undefined;
  #certificateIsRead = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** An IPv4 client of a dual-stack listener by its own address. */
  get address(): string {
    this.#address ??= plainAddress(this.#socket.remoteAddress ?? "");
    return this.#address;
  }

  /** DER of the certificate that was verified in the handshake. */
  get certificate(): Uint8Array | undefined {
    if (!this.#certificateIsRead) {
      this.#certificateIsRead = true;
      const socket = this.#socket as TLSSocket;
      if (socket.encrypted && socket.authorized) this.#certificate = socket.getPeerX509Certificate()?.raw;
    }
    return this.#certificate;
  }
}

function plainAddress(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}
