import type { Socket } from "node:net";
import type { ClientSide } from "./client-side.ts";
import type { ForwardFailure, ForwardOptions } from "./door.ts";
import { keep } from "./http1/read-buffer.ts";
import type { ResponseHead } from "./response-head.ts";

/**
 * The response between target and client. The head is held back for the moment in which its body may arrive with it,
 * so that a small response is one write; and the target is read only as fast as the client takes.
 */
export class Download {
  bytes = 0;
  /** Sent to the client; 0 before that. */
  status = 0;
  targetStatus: number | undefined = undefined;
  /** The client has not taken what was written. */
  paused = false;
  private readonly exchange: ClientSide;
  private readonly options: ForwardOptions;
  private readonly maxBytes: number;
  private contentLength = -1;
  private headHeld = false;
  /** A body that came in one piece and waits for its end. */
  private whole: Buffer | undefined = undefined;

  constructor(exchange: ClientSide, options: ForwardOptions) {
    this.exchange = exchange;
    this.options = options;
    this.maxBytes = options.maxResponseBodyBytes ?? Number.POSITIVE_INFINITY;
  }

  /** Hands the final head over. Throws when the client can't be given it, or not all of what it announces. */
  head(status: number, { headers, contentLength }: ResponseHead): void {
    const { exchange } = this;
    if (contentLength > this.maxBytes && this.hasBody(status)) throw new ResponseTooLarge(this.maxBytes);
    this.targetStatus = status;
    this.contentLength = contentLength;
    const sent = this.options.onResponse?.(status, headers) ?? { status, headers };
    // A target that refuses early won't read the rest of the request, and neither do we.
    exchange.sendHead(sent.status, sent.headers, !exchange.requestComplete && status >= 300);
    this.status = sent.status;
    this.headHeld = true;
    process.nextTick(flush, this);
  }

  /** Makes the client's connection what the target's has become. Throws when it can't be given the head. */
  switchProtocols(headers: string[], protocol: string): Socket {
    this.targetStatus = 101;
    const sent = this.options.onResponse?.(101, headers) ?? { headers };
    const socket = this.exchange.switchProtocols([...sent.headers, "Connection", "Upgrade", "Upgrade", protocol]);
    this.status = 101;
    return socket;
  }

  /** False: the client has to take what was written first. Throws when it is more than the client may get. */
  data(received: Buffer): boolean {
    this.bytes += received.length;
    if (this.bytes > this.maxBytes) throw new ResponseTooLarge(this.maxBytes);
    const chunk = this.exchange.keepsPieces ? keep(received) : received;
    if (this.headHeld && chunk.length === this.contentLength) {
      // The whole body is here: it leaves with the head, when the parser agrees that this was all.
      this.whole = chunk;
      return true;
    }
    this.headHeld = false;
    if (this.exchange.write(chunk)) return true;
    this.paused = true;
    return false;
  }

  end(trailers: [string, string][] | undefined): void {
    this.headHeld = false;
    this.exchange.end(this.whole, this.shown(trailers));
    this.whole = undefined;
  }

  private shown(trailers: [string, string][] | undefined): [string, string][] | undefined {
    const { options } = this;
    if (trailers === undefined || options.onFields === undefined) return trailers;
    const fields = trailers.flat();
    options.onFields(fields);
    return fields.flatMap((name, at) => (at % 2 === 0 ? [[name, fields[at + 1] as string] as [string, string]] : []));
  }

  /** An answer of our own in place of the response; when a part of it is out, the client's connection breaks instead. */
  fail(failure: ForwardFailure): void {
    const { exchange, options } = this;
    this.headHeld = false;
    this.whole = undefined;
    if (failure.kind === "client_gone") return;
    if (exchange.headSent) {
      exchange.break();
      return;
    }
    try {
      const answer = options.onFailure(failure);
      this.status = answer.status;
      exchange.answer(answer);
    } catch {
      // No answer can be made, or none that HTTP can carry.
      exchange.break();
    }
  }

  private hasBody(status: number): boolean {
    return (this.options.method ?? this.exchange.method) !== "HEAD" && status !== 304;
  }

  /** The head goes out alone when no body came with it. */
  flush(): void {
    if (!this.headHeld || this.whole !== undefined) return;
    this.headHeld = false;
    this.exchange.flushHead();
  }
}

class ResponseTooLarge extends Error {
  readonly code = "RESPONSE_TOO_LARGE";

  constructor(maxBytes: number) {
    super(`the response body is longer than ${maxBytes} bytes`);
  }
}

function flush(download: Download): void {
  download.flush();
}
