/** What an endpoint gave. A life of 0 or less means: use it now, keep it not. */
export interface Token<V = string> {
  readonly value: V;
  readonly lifetimeMs: number;
}

export interface TokenFetch {
  readonly succeeded: boolean;
  readonly durationMs: number;
}

export interface TokenCacheOptions {
  readonly now?: () => number;
  readonly random?: () => number;
  /** More tokens than this are not kept; the ones fetched longest ago go first. */
  readonly maxTokens?: number;
  /** Told about every request to a token endpoint. */
  readonly onFetch?: (fetch: TokenFetch) => void;
}

interface Entry<V> {
  value: V | undefined;
  expiresAt: number;
  refreshAt: number;
  fetching: Promise<V> | undefined;
  failure: unknown;
  failedUntil: number;
}

/** A token is not used in the last moments of its life: it must still be valid when the target reads it. */
const safetyMarginMs = 2_000;
const refreshAtMostAheadMs = 60_000;
const refreshAheadShare = 0.2;
/** After a failure the endpoint is left alone this long; callers get the same failure meanwhile. */
const failureLifeMs = 1_000;

/**
 * Tokens by a structured key (`fingerprint`). At most one fetch per key is under way, shared by all who wait. A token
 * that nears its end is renewed in the background while the old one is still served, so that nobody waits for it.
 */
export class TokenCache<V = string> {
  readonly #entries = new Map<string, Entry<V>>();
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #maxTokens: number;
  readonly #onFetch: ((fetch: TokenFetch) => void) | undefined;

  constructor(options: TokenCacheOptions = {}) {
    this.#now = options.now ?? Date.now;
    this.#random = options.random ?? Math.random;
    this.#maxTokens = options.maxTokens ?? 10_000;
    this.#onFetch = options.onFetch;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The token at once when there is one, else a promise of it. `fetch` needs a deadline of its own. */
  get(key: string, fetch: () => Promise<Token<V>>): V | Promise<V> {
    const entry = this.#entries.get(key);
    if (entry === undefined) return this.#fetch(key, this.#add(key), fetch);
    const now = this.#now();
    if (entry.value !== undefined && now < entry.expiresAt) {
      if (now >= entry.refreshAt && entry.fetching === undefined && now >= entry.failedUntil) {
        // A failed renewal is no failure of this request; the next fetch after the token's end will say why.
        this.#fetch(key, entry, fetch).catch(() => undefined);
      }
      return entry.value;
    }
    if (entry.fetching !== undefined) return entry.fetching;
    if (now < entry.failedUntil) return Promise.reject(entry.failure);
    return this.#fetch(key, entry, fetch);
  }

  /** Drops the token if it is still the one that was used; another has come since otherwise. */
  forget(key: string, wasUsed: (value: V) => boolean): void {
    const entry = this.#entries.get(key);
    if (entry?.value === undefined || !wasUsed(entry.value)) return;
    if (entry.fetching === undefined) this.#entries.delete(key);
    else entry.value = undefined;
  }

  #add(key: string): Entry<V> {
    const entry: Entry<V> = {
      value: undefined,
      expiresAt: 0,
      refreshAt: 0,
      fetching: undefined,
      failure: undefined,
      failedUntil: 0,
    };
    this.#entries.set(key, entry);
    if (this.#entries.size > this.#maxTokens) this.#evict(key);
    return entry;
  }

  #fetch(key: string, entry: Entry<V>, fetch: () => Promise<Token<V>>): Promise<V> {
    const startedAt = this.#now();
    const fetching = fetch().then(
      (token) => {
        this.#keep(key, entry, token);
        this.#onFetch?.({ succeeded: true, durationMs: this.#now() - startedAt });
        return token.value;
      },
      (error: unknown) => {
        entry.fetching = undefined;
        entry.failure = error;
        entry.failedUntil = this.#now() + failureLifeMs;
        this.#onFetch?.({ succeeded: false, durationMs: this.#now() - startedAt });
        throw error;
      },
    );
    entry.fetching = fetching;
    return fetching;
  }

  #keep(key: string, entry: Entry<V>, token: Token<V>): void {
    entry.fetching = undefined;
    entry.failure = undefined;
    const usableMs = token.lifetimeMs - safetyMarginMs;
    if (usableMs <= 0) {
      entry.value = undefined;
      this.#entries.delete(key);
      return;
    }
    const now = this.#now();
    // Jitter keeps the replicas of a deployment from renewing in the same moment.
    const aheadMs = Math.min(refreshAtMostAheadMs, usableMs * refreshAheadShare) * (1 - 0.25 * this.#random());
    entry.value = token.value;
    entry.expiresAt = now + usableMs;
    entry.refreshAt = entry.expiresAt - aheadMs;
    // Moved to the end: the map's order is the order of the last fetch.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (this.#entries.size > this.#maxTokens) this.#evict(key);
  }

  #evict(except: string): void {
    for (const [key, entry] of this.#entries) {
      if (key === except || entry.fetching !== undefined) continue;
      this.#entries.delete(key);
      return;
    }
  }
}
