import type { FetchObserver, Token, TokenCache, TokenState, Tokens } from "./token-cache.ts";

/** One API's view of a cache: what it fetches is told to its observer, and what it uses can be asked after. */
export class TokenView<V = string> implements Tokens<V> {
  readonly #cache: TokenCache<V>;
  readonly #observe: FetchObserver;
  #lastKey: string | undefined;

  constructor(cache: TokenCache<V>, observe: FetchObserver) {
    this.#cache = cache;
    this.#observe = observe;
  }

  get(key: string, fetch: () => Promise<Token<V>>): V | Promise<V> {
    this.#lastKey = key;
    return this.#cache.get(key, fetch, this.#observe);
  }

  has(key: string): boolean {
    return this.#cache.has(key);
  }

  forget(key: string, wasUsed: (value: V) => boolean): void {
    this.#cache.forget(key, wasUsed);
  }

  /** Of the token that was asked for last; undefined when none was. Others with the same key may have fetched it. */
  get state(): TokenState | undefined {
    return this.#lastKey === undefined ? undefined : this.#cache.state(this.#lastKey);
  }
}
