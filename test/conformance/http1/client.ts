import { connect, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";

export interface Response {
  readonly status: number;
  readonly body: string;
}

/** One connection of a client that writes what it is told and reads responses strictly. */
export class Client {
  readonly socket: Socket;
  /** Final responses, in order. Interim ones are dropped. */
  readonly responses: Response[] = [];
  /** The first thing that was no response. */
  problem: string | undefined;
  ended = false;
  #received = "";
  #waiting: (() => void) | undefined;

  constructor(port: number, tls: ConnectionOptions | undefined) {
    const address = { port, host: "127.0.0.1" };
    this.socket = tls
      ? connectTls({ ...address, ...tls, allowHalfOpen: true } as ConnectionOptions)
      : connect({ ...address, allowHalfOpen: true });
    this.socket.setNoDelay(true);
    this.socket.setEncoding("latin1");
    this.socket.on("data", (text: string) => {
      this.#received += text;
      this.#read();
      this.#waiting?.();
    });
    const end = () => {
      this.ended = true;
      this.#read();
      this.#waiting?.();
    };
    this.socket
      .on("end", end)
      .on("close", end)
      .on("error", () => undefined);
  }

  get unread(): string {
    return this.#received;
  }

  /** Writes all of it, unless the other side stops to read first. */
  send(bytes: string): void {
    if (this.socket.writable) this.socket.write(bytes, "latin1");
  }

  /** Writes byte by byte, each in a packet of its own as far as the kernel lets it. */
  async dribble(bytes: string): Promise<void> {
    for (const byte of bytes) {
      if (!this.socket.writable) return;
      await new Promise<void>((resolve) => this.socket.write(byte, "latin1", () => setImmediate(resolve)));
    }
  }

  /** Resolves when the condition holds or the deadline has passed; says which. */
  async until(condition: () => boolean, withinMs: number): Promise<boolean> {
    if (condition()) return true;
    return await new Promise<boolean>((resolve) => {
      const settle = (held: boolean): void => {
        clearTimeout(deadline);
        clearInterval(poll);
        this.#waiting = undefined;
        resolve(held);
      };
      const look = (): void => {
        if (condition()) settle(true);
      };
      this.#waiting = look;
      const poll = setInterval(look, 5);
      const deadline = setTimeout(settle, withinMs, false);
    });
  }

  #read(): void {
    while (this.problem === undefined && this.#received !== "") {
      const parsed = readResponse(this.#received, this.ended);
      if (parsed === "incomplete") return;
      if ("problem" in parsed) {
        this.problem = parsed.problem;
        return;
      }
      this.#received = this.#received.slice(parsed.length);
      if (parsed.response.status >= 200) this.responses.push(parsed.response);
    }
  }
}

type Parsed = { response: Response; length: number } | "incomplete" | { problem: string };

function readResponse(bytes: string, ended: boolean): Parsed {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd < 0) {
    const looksRight = bytes.length < 9 ? "HTTP/1.1 ".startsWith(bytes) : bytes.startsWith("HTTP/1.1 ");
    return looksRight ? "incomplete" : { problem: `no response: ${JSON.stringify(bytes.slice(0, 200))}` };
  }
  const [first = "", ...lines] = bytes.slice(0, headEnd).split("\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3})( |$)/.exec(first)?.[1]);
  if (Number.isNaN(status)) return { problem: `no response: ${JSON.stringify(first.slice(0, 200))}` };
  const rest = bytes.slice(headEnd + 4);
  if (status < 200 || status === 204 || status === 304) return { response: { status, body: "" }, length: headEnd + 4 };
  const value = (name: string): string | undefined =>
    lines
      .find((line) => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  if (value("transfer-encoding") !== undefined) return readChunked(status, rest, headEnd + 4);
  const length = Number(value("content-length") ?? Number.NaN);
  // Without a length the end of the connection is the end of the body.
  if (Number.isNaN(length)) return ended ? { response: { status, body: rest }, length: bytes.length } : "incomplete";
  if (rest.length < length) return "incomplete";
  return { response: { status, body: rest.slice(0, length) }, length: headEnd + 4 + length };
}

function readChunked(status: number, rest: string, before: number): Parsed {
  let body = "";
  for (let at = 0; ; ) {
    const lineEnd = rest.indexOf("\r\n", at);
    if (lineEnd < 0) return "incomplete";
    const size = Number.parseInt(rest.slice(at, lineEnd), 16);
    at = lineEnd + 2;
    if (size === 0) {
      const end = rest.startsWith("\r\n", at) ? at + 2 : rest.indexOf("\r\n\r\n", at) + 4;
      return end < at + 2 ? "incomplete" : { response: { status, body }, length: before + end };
    }
    if (rest.length < at + size + 2) return "incomplete";
    body += rest.slice(at, at + size);
    at += size + 2;
  }
}
