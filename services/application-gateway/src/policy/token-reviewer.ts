import { fingerprint, type Token, TokenCache } from "@application-connector/credentials";
import { Problem } from "@application-connector/problem";
import { type Caller, callerOfUser } from "./caller.ts";

/** What the Kubernetes API says of a token: a user name, or that it is nobody's. Rejects when it can't be asked. */
export type ReviewToken = (token: string) => Promise<string | undefined>;

export interface TokenReviewerOptions {
  readonly review: ReviewToken;
  readonly trustDomain: string;
  readonly now?: () => number;
}

/** How long an answer holds: a token that is taken back is refused that much later. */
const acceptedMs = 60_000;
const refusedMs = 10_000;
/** Further questions while so many are open are not asked: tokens that somebody makes up must not flood the API server. */
const mostAtOnce = 32;
const longestToken = 8 * 1024;
/** A token is a JWT; nothing else is worth asking about. */
const shape = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Who holds a token of a service account, asked once per token and minute. */
export class TokenReviewer {
  readonly #cache: TokenCache<Caller | "nobody">;
  readonly #review: ReviewToken;
  readonly #trustDomain: string;
  #asking = 0;

  constructor({ review, trustDomain, now }: TokenReviewerOptions) {
    this.#cache = new TokenCache({ maxTokens: 10_000, ...(now === undefined ? {} : { now }) });
    this.#review = review;
    this.#trustDomain = trustDomain;
  }

  /** How many tokens are remembered. */
  get size(): number {
    return this.#cache.size;
  }

  /** Undefined when it is nobody's; at once for a token that is known. Rejects with a `Problem` when nobody can tell. */
  callerOf(token: string): Caller | undefined | Promise<Caller | undefined> {
    if (token.length > longestToken || !shape.test(token)) return undefined;
    const key = fingerprint(token);
    // Before it is remembered: what somebody makes up must not take the place of what is known.
    if (this.#asking >= mostAtOnce && !this.#cache.has(key)) return Promise.reject(busy());
    const known = this.#cache.get(key, () => this.#ask(token));
    return known instanceof Promise ? known.then(found) : found(known);
  }

  async #ask(token: string): Promise<Token<Caller | "nobody">> {
    if (this.#asking >= mostAtOnce) throw busy();
    this.#asking++;
    try {
      const name = await this.#review(token);
      const caller = name === undefined ? undefined : callerOfUser(name, this.#trustDomain);
      if (caller === undefined) return { value: "nobody", lifetimeMs: refusedMs };
      return { value: caller, lifetimeMs: acceptedMs };
    } catch (cause) {
      const text = "the token of the caller could not be reviewed by the Kubernetes API";
      throw cause instanceof Problem ? cause : new Problem("CALLER_UNVERIFIED", text, { cause });
    } finally {
      this.#asking--;
    }
  }
}

function busy(): Problem {
  return new Problem("CALLER_UNVERIFIED", "too many tokens of callers wait for their review; try again");
}

function found(known: Caller | "nobody"): Caller | undefined {
  return known === "nobody" ? undefined : known;
}
