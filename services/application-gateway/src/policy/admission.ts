import type { Exchange } from "@application-connector/forward";
import { Problem } from "@application-connector/problem";
import type { TokenBucket } from "../resilience/token-bucket.ts";
import type { Access } from "./access.ts";
import type { Caller } from "./caller.ts";
import type { Callers } from "./callers.ts";

export interface AdmissionOptions {
  readonly access: Access | undefined;
  readonly callers: Callers;
  readonly bucket: TokenBucket | undefined;
  /** What is called, for people. */
  readonly api: string;
}

/** What stands before the calls of an API that not everybody may call, or not as often as one likes. */
export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Why a call is not let through; a promise only where a token must be reviewed. */
  refuse(exchange: Exchange): Problem | undefined | Promise<Problem | undefined> {
    const { access, callers } = this.#options;
    if (access === undefined) return this.#count();
    const caller = callers.identify(exchange);
    return caller instanceof Promise ? caller.then((known) => this.#judge(known, access)) : this.#judge(caller, access);
  }

  #judge(caller: Caller | undefined, access: Access): Problem | undefined {
    if (caller !== undefined && access.allows(caller)) return this.#count();
    const who = caller === undefined ? "a caller whose identity is not proven" : `'${caller.id}'`;
    return new Problem("CALLER_FORBIDDEN", `${who} may not call ${this.#options.api}`);
  }

  /** After the caller is known to be allowed: others must not use up what it may call. */
  #count(): Problem | undefined {
    const waitMs = this.#options.bucket?.take(performance.now()) ?? 0;
    if (waitMs === 0) return undefined;
    const text = `${this.#options.api} is called more often than its rate-limit allows`;
    return new Problem("CALL_RATE_EXCEEDED", text, { retryAfterMs: waitMs });
  }
}
