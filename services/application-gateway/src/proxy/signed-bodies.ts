import { type Exchange, readBody } from "@application-connector/forward";
import { Problem } from "@application-connector/problem";
import type { Api } from "../entries/api.ts";
import { externalToken } from "./external-token.ts";

export interface SignedBodiesOptions {
  /** Of one body. */
  readonly maxBytes: number;
  /** Of all that are held at one time. */
  readonly totalBytes: number;
}

/** A body that was read, or why there is none; undefined when its client is gone. */
export type SignedBody =
  | { readonly body: Buffer; release(): void }
  | { readonly body?: undefined; readonly problem: Problem | undefined };

/** Whether the credential signs what the client sends, so that all of it must be known before the call. */
export function signsBodyOf(exchange: Exchange, api: Api | undefined): boolean {
  return api?.credential.signsBody === true && exchange.hasBody && externalToken(exchange.headers) === undefined;
}

/** Request bodies in memory, for signatures over them; what all of them take together is bounded. */
export class SignedBodies {
  readonly #options: SignedBodiesOptions;
  #bytes = 0;

  constructor(options: SignedBodiesOptions) {
    this.#options = options;
  }

  /** What is held at the moment. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Calls back once. What was read is held until it is released. */
  read(exchange: Exchange, { limits }: Pick<Api, "limits">, done: (read: SignedBody) => void): void {
    const { maxRequestBodyBytes, maxDurationMs, requestIdleTimeoutMs } = limits;
    const maxBytes = Math.min(maxRequestBodyBytes || Number.POSITIVE_INFINITY, this.#options.maxBytes);
    let held = 0;
    const admit = (bytes: number): boolean => {
      if (this.#bytes + bytes > this.#options.totalBytes) return false;
      held += bytes;
      this.#bytes += bytes;
      return true;
    };
    const release = (): void => {
      this.#bytes -= held;
      held = 0;
    };
    const options = { maxBytes, timeoutMs: maxDurationMs, idleTimeoutMs: requestIdleTimeoutMs, admit };
    readBody(exchange, options, (body) => {
      if (typeof body !== "string") return done({ body, release });
      release();
      done({ problem: problemOf(body, maxBytes) });
    });
  }
}

function problemOf(why: Exclude<Parameters<Parameters<typeof readBody>[2]>[0], Buffer>, maxBytes: number) {
  switch (why) {
    case "request_body_too_large":
      return new Problem(
        "PAYLOAD_TOO_LARGE",
        `the credential of the API signs request bodies, and this one is larger than the ${maxBytes} bytes that are held for it`,
      );
    case "request_body_timeout":
      return new Problem("REQUEST_TIMEOUT", "the request body did not arrive in time");
    case "refused":
      return new Problem("OVERLOADED", "too many request bodies are held to be signed");
    case "client_gone":
      return undefined;
  }
}
