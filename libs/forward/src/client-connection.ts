import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { ClientIdentity } from "./client-identity.ts";
import { hangUp } from "./last-answer.ts";
import type { ServerExchange } from "./server-exchange.ts";

/** More pipelined requests than this and the connection isn't read until they are answered. */
const maxPipelined = 16;

const connectionOf = Symbol("client connection");

/** One accepted connection: what its exchanges share, and their order. */
export class ClientConnection {
  readonly socket: Socket;
  readonly remoteAddress: string;
  /** The exchange whose turn it is. Later requests wait, so that answers leave in order and none runs twice. */
  current: ServerExchange | undefined;
  /** It has become something else than HTTP. */
  isTunnel = false;
  /** The answer that comes next is the last: who vouched for this client may not be trusted any more. */
  isRetired = false;
  /** What comes is read as no request any more. */
  isRefused = false;
  /** What was read before the first request could come: nothing, or a TLS handshake. */
  readonly #bytesBefore: number;
  readonly #waiting: ServerExchange[] = [];
  #paused = false;
  #refusal: (() => void) | undefined;
  #ending = false;
  readonly #identity: ClientIdentity;

  constructor(socket: Socket) {
    this.socket = socket;
    this.#identity = new ClientIdentity(socket);
    this.remoteAddress = this.#identity.address;
    this.#bytesBefore = socket.bytesRead;
    (socket as Tagged)[connectionOf] = this;
  }

  static of(socket: Socket): ClientConnection | undefined {
    return (socket as Tagged)[connectionOf];
  }

  /** Not a byte of a request has come. Node takes such a connection for a busy one. */
  get isUnused(): boolean {
    return this.socket.bytesRead === this.#bytesBefore;
  }

  /** Nothing is under way on it, and more may come. */
  get isFree(): boolean {
    return this.current === undefined && !this.#ending && !this.isRetired;
  }

  get encrypted(): boolean {
    return (this.socket as TLSSocket).encrypted === true;
  }

  /** True when it may start at once; otherwise it is started when those before it are over. */
  enter(exchange: ServerExchange): boolean {
    if (this.#ending) return false;
    if (this.current === undefined) {
      this.current = exchange;
      return true;
    }
    this.#waiting.push(exchange);
    // Later in the loop: Node itself goes on reading at the end of each request.
    if (this.#waiting.length === maxPipelined) setImmediate(() => this.#pauseWhenFull());
    return false;
  }

  /**
   * The current answer says that it is the last. Nothing that was or will be read after its request is run: the client
   * sends it again elsewhere, or never sent it, when the framing of a refused request was misread (RFC 9112, 9.6).
   */
  endAfterCurrent(): void {
    this.#ending = true;
  }

  /** The listener closes. Whoever has a request here, or had one, learns it from the answer. */
  drain(): void {
    if (this.isUnused) this.socket.destroy();
  }

  /** Answers say it for themselves. */
  announceEnd(): void {}

  /** Ends the connection as soon as nothing is under way on it. */
  retire(): void {
    this.isRetired = true;
    // An upgraded connection has no next answer.
    if (this.current === undefined || this.isTunnel) this.socket.destroy();
  }

  /** Ends the turn of the current exchange and starts the next. */
  leave(): void {
    this.current = this.#ending ? undefined : this.#waiting.shift();
    if (this.#refusal !== undefined && !this.#ending && !this.current?.requestReceived) {
      if (this.current === undefined) this.#refusal();
      else process.nextTick(startBroken, this.current, this.socket, this.#refusal);
      return;
    }
    if (this.current === undefined) return;
    if (this.#paused && this.#waiting.length < maxPipelined) {
      this.#paused = false;
      this.socket.resume();
    }
    // In a tick of its own: a thousand requests that are answered at once must not become a thousand nested calls.
    process.nextTick(start, this.current);
  }

  /**
   * What came after the current requests is none: they are answered, then `refuse` has the last word. The connection is read
   * on for nothing meanwhile, since only that tells whether its client is still there.
   */
  refuseNext(refuse: () => void): void {
    this.isRefused = true;
    this.#refusal = refuse;
  }

  /**
   * The client has said that it asks for nothing more: ends our side when all is answered. It is read on, because bytes that
   * nobody reads would turn the end into a reset that takes the last answer away.
   */
  hangUp(): void {
    if (this.current === undefined) this.socket.end();
    else this.#refusal ??= () => this.socket.end();
  }

  /** The socket is closed: nobody waits for these answers any more. */
  closed(): void {
    const waiting = this.#waiting.splice(0);
    this.current?.onClosed();
    for (const exchange of waiting) exchange.onClosed();
  }

  #pauseWhenFull(): void {
    if (this.#waiting.length < maxPipelined || this.socket.destroyed) return;
    this.#paused = true;
    this.socket.pause();
  }

  get certificate(): Uint8Array | undefined {
    return this.#identity.certificate;
  }
}

function start(exchange: ServerExchange): void {
  exchange.start();
}

/** Its head alone may say why it is refused, as it would have done had it come by itself. */
function startBroken(exchange: ServerExchange, socket: Socket, refuse: () => void): void {
  exchange.start();
  // Its response has its turn on the socket by then.
  setImmediate(() => (exchange.isAnswered ? hangUp(socket) : refuse()));
}

type Tagged = Socket & { [connectionOf]?: ClientConnection };
