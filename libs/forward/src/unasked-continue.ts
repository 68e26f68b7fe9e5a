import type { Socket } from "node:net";

/** What a `100 Continue` of the target is called on its way through undici. No server sends this number by itself. */
export const renamedContinue = 109;

const zero = 0x30;
const one = 0x31;
const nine = 0x39;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/** How the status line of an interim response that is looked for begins; any digit stands for a `1`. */
const expected = Buffer.from("HTTP/1.1 100");
const majorAt = 5;
const minorAt = 7;

/**
 * undici breaks the connection at a `100 Continue` that it did not ask for, though every client must bear one, and more
 * than one (RFC 9110, 15.2), and servers do send them. Its other interim responses pass, so this one is given another
 * number before the parser sees it: the bytes are followed from one interim head to the next, however they are cut,
 * until a final one begins.
 */
export class ContinueRenamer {
  /** How much of `expected` was seen; beyond it, the rest of an interim head. */
  private seen = 0;
  private lineIsEmpty = false;
  private isFinal = true;

  /** A request goes out: what comes next is the head of a response. */
  begin(): void {
    this.seen = 0;
    this.isFinal = false;
  }

  /** Looks at all that is read from a socket. */
  watch(socket: Socket): void {
    const read = socket.read;
    socket.read = (size?: number) => {
      const chunk: Buffer | null = read.call(socket, size);
      if (chunk !== null && !this.isFinal) this.rename(chunk);
      return chunk;
    };
  }

  private rename(chunk: Buffer): void {
    for (let at = 0; at < chunk.length && !this.isFinal; at++) {
      const byte = chunk[at] as number;
      if (this.seen === expected.length) this.passHead(byte);
      else if (this.seen === 0 && (byte === lineFeed || byte === carriageReturn)) continue;
      else this.passStatus(byte, chunk, at);
    }
  }

  private passStatus(byte: number, chunk: Buffer, at: number): void {
    const isVersion = this.seen === majorAt || this.seen === minorAt;
    const isLast = this.seen === expected.length - 1;
    if (isLast && this.isContinue) {
      if (byte === zero) chunk[at] = nine;
      // What follows a 101 is no HTTP.
      else if (byte === one) this.isFinal = true;
    }
    if (this.seen === expected.length - 2) this.isContinue = byte === zero;
    else if (!isVersion && !isLast && byte !== expected[this.seen]) this.isFinal = true;
    this.seen += 1;
    this.lineIsEmpty = false;
  }

  /** So far the status is `10`. */
  private isContinue = false;

  /** Looks for the empty line behind the head. */
  private passHead(byte: number): void {
    if (byte === lineFeed && this.lineIsEmpty) this.seen = 0;
    else if (byte !== carriageReturn) this.lineIsEmpty = byte === lineFeed;
  }
}
