import { type ServerResponse, validateHeaderName, validateHeaderValue } from "node:http";
import type { Socket } from "node:net";
import type { ClientConnection } from "./client-connection.ts";
import type { Malformation, RawHeaders } from "./door.ts";
import type { Ending, HttpStream, HttpStreamUser } from "./http-stream.ts";
import type { InboundRequest } from "./inbound-request.ts";
import { hangUp } from "./last-answer.ts";
import { losesBytes } from "./lost-bytes.ts";
import type { RequestHead } from "./request-head.ts";
import { takenBytes } from "./taken-bytes.ts";

/** A body up to this size leaves in one string with its head. */
const maxJoinedBytes = 16 * 1024;

/** A request and its response on `node:http`. */
export class NodeStream implements HttpStream {
  readonly method: string;
  readonly url: string;
  readonly headers: RawHeaders;
  readonly httpVersion: string;
  readonly framing: RequestHead | Malformation;
  readonly upgrade: string | undefined;
  readonly keepsPieces = true;
  user: HttpStreamUser | undefined = undefined;
  private readonly request: InboundRequest;
  private readonly response: ServerResponse;
  private readonly connection: ClientConnection;
  private isReading = false;
  private headSent = false;
  private lingers = false;
  /** Nothing that follows it on the connection can be read. */
  private readonly isLast: boolean;

  /**
   * `upgrade` stands for a connection that Node has let go of, because of what it may become. It is closed after any other
   * answer, since nobody reads a further request.
   */
  constructor(request: InboundRequest, response: ServerResponse, connection: ClientConnection, upgrade?: string) {
    this.method = request.method as string;
    this.url = request.url as string;
    this.headers = request.rawHeaders;
    this.httpVersion = request.httpVersion;
    this.framing = request.head();
    this.upgrade = upgrade;
    this.isLast = upgrade !== undefined || losesBytes(request);
    this.request = request;
    this.response = response;
    this.connection = connection;
  }

  get remoteAddress(): string {
    return this.connection.remoteAddress;
  }

  get certificate(): Uint8Array | undefined {
    return this.connection.certificate;
  }

  get isReceived(): boolean {
    return this.request.complete;
  }

  get isRetired(): boolean {
    return this.isLast || this.connection.isRetired;
  }

  get isBackedUp(): boolean {
    return this.connection.socket.writableNeedDrain;
  }

  get isWaiting(): boolean {
    return this.connection.socket.writableLength > 0;
  }

  get takenBytes(): number {
    return takenBytes(this.connection.socket);
  }

  attach(user: HttpStreamUser): void {
    this.user = user;
    this.request.stream = this;
  }

  readBody(): void {
    if (this.isReading) {
      this.request.resume();
      return;
    }
    this.isReading = true;
    this.request.on("data", onData).on("end", onEnd);
  }

  pauseBody(): void {
    this.request.pause();
  }

  askForBody(): void {
    this.response.writeContinue();
  }

  inform(status: number, headers: string[]): void {
    this.response.writeInformation(status, headers);
  }

  startResponse(status: number, headers: string[], ending: Ending): void {
    if (ending !== "keep") headers.push("Connection", "close");
    this.response.writeHead(status, headers);
    this.headSent = true;
    if (ending !== "keep") this.connection.endAfterCurrent();
    if (ending !== "linger") return;
    this.lingers = true;
    // Node closes such a connection right after the response. With request bytes still unread the kernel turns that
    // into a reset, and the client may lose the answer: it is half closed instead, and read on for a while.
    const { socket } = this.connection;
    socket.destroySoon = () => void socket.end();
  }

  flush(): void {
    // Node has a method for it, and that writes the head as UTF-8: bytes above 0x7f would become two.
    this.response.write("", "latin1");
  }

  write(piece: Uint8Array): boolean {
    if (this.response.write(piece)) return true;
    this.response.once("drain", () => this.user?.onWritable());
    return false;
  }

  end(last: Uint8Array | undefined, trailers: [string, string][] | undefined): void {
    const { response } = this;
    if (trailers !== undefined) addTrailers(response, trailers);
    if (last === undefined) response.end();
    else if (last.byteLength > maxJoinedBytes) response.end(last);
    else response.end(latin1(last), "latin1");
    // Right behind another one it has no place on the socket yet, though all of that has left.
    if (response.socket !== null && this.connection.socket.writableLength === 0) this.user?.onSent();
    else response.once("finish", () => this.user?.onSent());
  }

  switchProtocols(headers: string[]): Socket {
    const { response, connection } = this;
    const { socket } = connection;
    const head = switchingHead(headers);
    response.detachSocket(socket);
    socket.write(head, "latin1");
    connection.isTunnel = true;
    return socket;
  }

  breakOff(): void {
    const { socket } = this.connection;
    // What is known of the response is worth knowing: its head, when it still waits for its body. Node joins writes by
    // keeping them until the end of the tick, and there is none for a socket that is destroyed.
    if (this.headSent && !this.response.writableEnded) this.flush();
    while (socket.writableCorked > 0) socket.uncork();
    // A body that ends with the connection would look complete after an orderly close. Over TLS, none is orderly
    // without a closing alert, and there is no reset.
    if (this.headSent && this.httpVersion !== "1.1" && !this.connection.encrypted) socket.resetAndDestroy();
    else socket.destroy();
  }

  leave(): void {
    if (this.upgrade !== undefined && !this.lingers) this.connection.socket.destroySoon();
    if (this.lingers) {
      const { socket } = this.connection;
      Reflect.deleteProperty(socket, "destroySoon");
      hangUp(socket);
    }
    this.connection.leave();
  }
}

/** Written by hand: Node would write it as UTF-8. */
function switchingHead(headers: readonly string[]): string {
  let head = "HTTP/1.1 101 Switching Protocols\r\n";
  for (let i = 0; i < headers.length; i += 2) {
    const [name, value] = [headers[i] as string, headers[i + 1] as string];
    validateHeaderName(name);
    validateHeaderValue(name, value);
    head += `${name}: ${value}\r\n`;
  }
  return `${head}\r\n`;
}

/** A trailer that can't be written is worth less than the response that came before it. */
function addTrailers(response: ServerResponse, trailers: [string, string][]): void {
  try {
    response.addTrailers(trailers);
  } catch {}
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

function onData(this: InboundRequest, chunk: Buffer): void {
  this.stream?.user?.onRequestChunk(chunk);
}

function onEnd(this: InboundRequest): void {
  this.stream?.user?.onRequestEnd();
}
