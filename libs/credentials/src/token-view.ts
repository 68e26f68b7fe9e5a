import type { FetchObserver, Token, TokenCache, TokenFetch, TokenState, Tokens } from "./token-cache.ts";

export interface TokenViewOptions {
  readonly observe: FetchObserver;
  /** Has a fetch wait for its turn. */
  readonly queue?: <T>(fetch: () => Promise<T>) => Promise<T>;
}

/** One API's view of a cache: what it fetches is told to its observer, and what it uses can be asked after. */
export class TokenView<V = string> implements Tokens<V> {
  readonly #cache: TokenCache<V>;
  readonly #observe: FetchObserver;
  readonly #queue: TokenViewOptions["queue"];
  #lastKey: string | undefined;
  #lastFetch: TokenFetch | undefined;

  constructor(cache: TokenCache<V>, { observe, queue }: TokenViewOptions) {
    this.#cache = cache;
    this.#queue = queue;
    this.#observe = () => {
      const ended = observe();
      return (fetch) => {
        this.#lastFetch = fetch;
        ended(fetch);
      };
    };
  }

  get(key: string, fetch: () => Promise<Token<V>>): V | Promise<V> {
    this.#lastKey = key;
    const queue = this.#queue;
    return this.#cache.get(key, queue === undefined ? fetch : () => queue(fetch), this.#observe);
  }

  has(key: string): boolean {
    return this.#cache.has(key);
  }

  forget(key: string, wasUsed: (value: V) => boolean): void {
    this.#cache.forget(key, wasUsed);
  }

  /**
   * Of the token that was asked for last; undefined when none was. Others with the same key may have fetched it. The cache does
   * not keep for long how a fetch failed; then it is how the last of this view went.
   */
  get state(): TokenState | undefined {
    if (this.#lastKey === undefined) return undefined;
    const state = this.#cache.state(this.#lastKey);
    const lastFetch = state.lastFetch ?? this.#lastFetch;
    return lastFetch === undefined ? state : { ...state, lastFetch };
  }
}
