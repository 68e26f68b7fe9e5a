import type { BodyReader, ClientSide, ExchangeUser } from "./client-side.ts";
import type { Answer, ForwardFailure, RawHeaders, Target } from "./door.ts";
import { withBody } from "./exchange-with-body.ts";
import { forward } from "./forwarding.ts";
import { Sweep, type Watched } from "./sweep.ts";

/** A request that this program makes itself. */
export interface OwnRequest {
  readonly method: string;
  /** Origin-form with query, exact bytes as latin1. */
  readonly path: string;
  /** Everything but framing and hop-by-hop; `Host` included. */
  readonly headers: RawHeaders;
  readonly body?: Buffer;
  /** From the start to the last byte of the response. */
  readonly timeoutMs: number;
  /** A longer response body fails as `protocol`. 64 KiB. */
  readonly maxResponseBytes?: number;
}

export interface OwnResponse {
  readonly status: number;
  /** Without hop-by-hop headers. */
  readonly headers: RawHeaders;
  readonly body: Buffer;
}

/** Sends a request over a target's connections and waits for the whole response. Resolves with what went wrong, too. */
export function send(target: Target, request: OwnRequest): Promise<OwnResponse | ForwardFailure> {
  return new Promise((resolve) => {
    const own = new OwnExchange(request, resolve);
    const { body, path, headers, timeoutMs } = request;
    forward(body === undefined ? own : withBody(own, body), target, {
      path,
      headers: [...headers],
      responseTimeoutMs: timeoutMs,
      bodyIdleTimeoutMs: timeoutMs,
      maxDurationMs: timeoutMs,
      onFailure: (failure) => {
        own.fail(failure);
        return { status: 502, headers: [] };
      },
    });
  });
}

/** One clock for all of them. */
const sweep = new Sweep();
const defaultMaxResponseBytes = 64 * 1024;

/** An exchange without a client: what would be sent to one is collected. */
class OwnExchange implements ClientSide, Watched {
  earlier: Watched | undefined = undefined;
  later: Watched | undefined = undefined;
  readonly method: string;
  readonly url: string;
  readonly headers: RawHeaders;
  readonly httpVersion = "1.1";
  readonly remoteAddress = "";
  readonly hasBody = false;
  readonly contentLength = undefined;
  readonly upgrade = undefined;
  readonly reader: BodyReader | undefined = undefined;
  readonly requestComplete = true;
  readonly keepsPieces = false;
  aborted = false;
  headSent = false;
  limit = Number.POSITIVE_INFINITY;
  private readonly resolve: (result: OwnResponse | ForwardFailure) => void;
  private readonly maxBytes: number;
  private user: ExchangeUser | undefined = undefined;
  private status = 0;
  private responseHeaders: RawHeaders = [];
  private chunks: Buffer[] = [];
  private bytes = 0;
  private isOver = false;

  constructor(request: OwnRequest, resolve: (result: OwnResponse | ForwardFailure) => void) {
    this.method = request.method;
    this.url = request.path;
    this.headers = request.headers;
    this.maxBytes = request.maxResponseBytes ?? defaultMaxResponseBytes;
    this.resolve = resolve;
    sweep.add(this);
  }

  attach(user: ExchangeUser): void {
    this.user = user;
  }

  after(ms: number | undefined): number {
    return sweep.after(ms);
  }

  tick(now: number): void {
    if (now >= this.limit) this.user?.onExpired();
    else this.user?.tick(now);
  }

  clientCertificate(): undefined {
    return undefined;
  }

  inform(): void {}
  flushHead(): void {}
  tunnelClosed(): void {}

  switchProtocols(): never {
    throw new Error("a request of our own asks for no upgrade");
  }

  sendHead(status: number, headers: string[]): void {
    this.headSent = true;
    this.status = status;
    this.responseHeaders = headers;
  }

  write(chunk: Uint8Array): boolean {
    this.bytes += chunk.byteLength;
    if (this.bytes <= this.maxBytes) this.chunks.push(Buffer.from(chunk));
    else this.fail({ kind: "protocol", error: new Error(`the response is longer than ${this.maxBytes} bytes`) });
    return true;
  }

  end(last?: Uint8Array): void {
    if (last !== undefined) this.write(last);
    const { status, responseHeaders: headers, chunks } = this;
    this.finish({ status, headers, body: Buffer.concat(chunks) });
    this.user?.onResponseSent();
  }

  answer({ status, headers }: Answer): void {
    this.sendHead(status, [...headers]);
    this.end();
  }

  /** The target broke off in the middle of its response. */
  break(): void {
    this.fail({ kind: "reset", error: new Error("the response was cut off") });
  }

  fail(failure: ForwardFailure): void {
    if (this.isOver) return;
    this.finish(failure);
    this.aborted = true;
    // What still comes of the response is for nobody; not in the middle of the call that brought it.
    process.nextTick(abandon, this.user);
  }

  private finish(result: OwnResponse | ForwardFailure): void {
    if (this.isOver) return;
    this.isOver = true;
    sweep.remove(this);
    this.chunks = [];
    this.resolve(result);
  }
}

function abandon(user: ExchangeUser | undefined): void {
  user?.onClientGone();
}
