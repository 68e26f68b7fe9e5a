/** What an endpoint gave. A life of 0 or less means: use it now, keep it not. */
export interface Token<V = string> {
  readonly value: V;
  readonly lifetimeMs: number;
  /** How long before its end another is fetched first; 2 s. */
  readonly marginMs?: number | undefined;
}

/** How a request to an endpoint ended. */
export interface TokenFetch {
  readonly durationMs: number;
  /** When it ended, in ms since the epoch. */
  readonly endedAt: number;
  /** Absent: it gave a token. */
  readonly error?: unknown;
}

/** Told that a request to an endpoint begins; what it returns is told how that ended. */
export type FetchObserver = () => (fetch: TokenFetch) => void;

/** What is known of a key, without the token. */
export interface TokenState {
  /** Until when the token is used, in ms since the epoch; absent when there is none. */
  readonly expiresAt?: number;
  /** The last request that ended; absent before the first has. */
  readonly lastFetch?: TokenFetch;
}

/** Tokens as a credential sees them; a cache, or one API's view of it. */
export interface Tokens<V = string> {
  /** The token at once when there is one, else a promise of it. `fetch` needs a deadline of its own. */
  get(key: string, fetch: () => Promise<Token<V>>): V | Promise<V>;
  /** Whether anything is known under the key, a failure included, or is being fetched. */
  has(key: string): boolean;
  /** Drops the token if it is still the one that was used; another has come since otherwise. */
  forget(key: string, wasUsed: (value: V) => boolean): void;
}

export interface TokenCacheOptions<V = string> {
  readonly now?: () => number;
  readonly random?: () => number;
  /** More tokens than this are not kept: failures go first, then those fetched longest ago. */
  readonly maxTokens?: number;
  /** Nor more of them than take this much together, whatever their endpoints give; 16 MiB. */
  readonly maxBytes?: number;
  /** How much a token takes; of texts it is known. */
  readonly sizeOf?: (value: V) => number;
  /** After a failure the endpoint is left alone this long; callers get the same failure meanwhile. 1 s. */
  readonly retryIntervalMs?: number;
}

interface Entry<V> {
  value: V | undefined;
  bytes: number;
  /** From here on another is fetched first. */
  expiresAt: number;
  /** The real end. */
  endsAt: number;
  refreshAt: number;
  fetching: Promise<V> | undefined;
  failure: unknown;
  failedUntil: number;
  lastFetch: TokenFetch | undefined;
}

/** A token is not used in the last moments of its life: it must still be valid when the target reads it. */
const safetyMarginMs = 2_000;
const refreshAtMostAheadMs = 60_000;
const refreshAheadShare = 0.2;
const usualRetryIntervalMs = 1_000;
/** How many entries are looked at for each that is added: those of which nothing is left go before there are many. */
const sweptAtOnce = 4;

/** A margin that somebody has chosen is for tokens of any life: half of one is used all the same. */
function marginOf({ lifetimeMs, marginMs }: Token<unknown>): number {
  return marginMs === undefined ? safetyMarginMs : Math.min(marginMs, lifetimeMs / 2);
}

function lengthOf(value: unknown): number {
  return typeof value === "string" ? value.length : 0;
}

/**
 * Tokens by a structured key (`fingerprint`). At most one fetch per key is under way, shared by all who wait. A token
 * that nears its end is renewed in the background while the old one is still served, so that nobody waits for it; while
 * the endpoint fails it is served until its real end.
 */
export class TokenCache<V = string> implements Tokens<V> {
  readonly #entries = new Map<string, Entry<V>>();
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #maxTokens: number;
  readonly #maxBytes: number;
  readonly #sizeOf: (value: V) => number;
  #bytes = 0;
  readonly #retryIntervalMs: number;
  /** Keys that have a failure and nothing else. */
  readonly #failed = new Set<string>();
  #sweeper: Iterator<[string, Entry<V>]> | undefined = undefined;

  constructor(options: TokenCacheOptions<V> = {}) {
    this.#now = options.now ?? Date.now;
    this.#random = options.random ?? Math.random;
    this.#maxTokens = options.maxTokens ?? 10_000;
    this.#maxBytes = options.maxBytes ?? 16 * 1024 * 1024;
    this.#sizeOf = options.sizeOf ?? lengthOf;
    this.#retryIntervalMs = options.retryIntervalMs ?? usualRetryIntervalMs;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Whether anything is known under the key, a failure included, or is being fetched. */
  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** `observe` hears of the request, if this call is the one that makes it. */
  get(key: string, fetch: () => Promise<Token<V>>, observe?: FetchObserver): V | Promise<V> {
    const entry = this.#entries.get(key);
    if (entry === undefined) return this.#fetch(key, this.#add(key), fetch, observe);
    const now = this.#now();
    // In its last moments a token is used only while there is no other to be had.
    const usedUntil = entry.failure === undefined ? entry.expiresAt : entry.endsAt;
    if (entry.value !== undefined && now < usedUntil) {
      if (now >= entry.refreshAt && entry.fetching === undefined && now >= entry.failedUntil) {
        // A failed renewal is no failure of this request; the next fetch after the token's end will say why.
        this.#fetch(key, entry, fetch, observe).catch(() => undefined);
      }
      return entry.value;
    }
    if (entry.fetching !== undefined) return entry.fetching;
    if (now < entry.failedUntil) return Promise.reject(entry.failure);
    return this.#fetch(key, entry, fetch, observe);
  }

  state(key: string): TokenState {
    const { value, expiresAt = 0, lastFetch } = this.#entries.get(key) ?? {};
    return {
      ...(value === undefined || expiresAt <= this.#now() ? {} : { expiresAt }),
      ...(lastFetch === undefined ? {} : { lastFetch }),
    };
  }

  forget(key: string, wasUsed: (value: V) => boolean): void {
    const entry = this.#entries.get(key);
    if (entry?.value === undefined || !wasUsed(entry.value)) return;
    if (entry.fetching === undefined) this.#delete(key);
    else {
      this.#hold(entry, undefined);
      entry.endsAt = 0;
    }
  }

  #add(key: string): Entry<V> {
    const entry: Entry<V> = {
      value: undefined,
      bytes: 0,
      expiresAt: 0,
      endsAt: 0,
      refreshAt: 0,
      fetching: undefined,
      failure: undefined,
      failedUntil: 0,
      lastFetch: undefined,
    };
    this.#sweep();
    this.#entries.set(key, entry);
    this.#evict(key);
    return entry;
  }

  #fetch(key: string, entry: Entry<V>, fetch: () => Promise<Token<V>>, observe: FetchObserver | undefined): Promise<V> {
    const startedAt = this.#now();
    const told = observe?.();
    const ended = (how: { error?: unknown }): void => {
      const endedAt = this.#now();
      entry.lastFetch = { durationMs: endedAt - startedAt, endedAt, ...how };
      told?.(entry.lastFetch);
    };
    const fetching = fetch().then(
      (token) => {
        this.#keep(key, entry, token);
        ended({});
        return token.value;
      },
      (error: unknown) => {
        entry.fetching = undefined;
        entry.failure = error;
        const now = this.#now();
        entry.failedUntil = now + this.#retryIntervalMs;
        ended({ error });
        if (entry.value !== undefined && now < entry.endsAt) return entry.value;
        // The entry may have been dropped meanwhile.
        if (this.#entries.get(key) === entry) this.#failed.add(key);
        throw error;
      },
    );
    entry.fetching = fetching;
    return fetching;
  }

  #keep(key: string, entry: Entry<V>, token: Token<V>): void {
    entry.fetching = undefined;
    entry.failure = undefined;
    this.#failed.delete(key);
    const usableMs = token.lifetimeMs - marginOf(token);
    if (usableMs <= 0) {
      this.#hold(entry, undefined);
      this.#delete(key);
      return;
    }
    const now = this.#now();
    // Jitter keeps the replicas of a deployment from renewing in the same moment.
    const aheadMs = Math.min(refreshAtMostAheadMs, usableMs * refreshAheadShare) * (1 - 0.25 * this.#random());
    this.#hold(entry, token.value);
    entry.expiresAt = now + usableMs;
    entry.endsAt = now + token.lifetimeMs;
    entry.refreshAt = entry.expiresAt - aheadMs;
    // Moved to the end: the map's order is the order of the last fetch.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#evict(key);
  }

  /** What can't be had never takes the place of what is there. */
  #evict(except: string): void {
    for (const key of this.#failed) {
      if (this.#entries.size <= this.#maxTokens) break;
      if (key !== except && this.#entries.get(key)?.fetching === undefined) this.#delete(key);
    }
    for (const [key, { fetching, bytes }] of this.#entries) {
      const isTooMany = this.#entries.size > this.#maxTokens;
      if (!isTooMany && this.#bytes <= this.#maxBytes) return;
      if (key !== except && fetching === undefined && (isTooMany || bytes > 0)) this.#delete(key);
    }
  }

  #hold(entry: Entry<V>, value: V | undefined): void {
    const bytes = value === undefined ? 0 : this.#sizeOf(value);
    this.#bytes += bytes - entry.bytes;
    entry.value = value;
    entry.bytes = bytes;
  }

  /** Looks at the next few entries, round and round: no timer, and yet nothing stays for good that nobody asks for. */
  #sweep(): void {
    const now = this.#now();
    this.#sweeper ??= this.#entries.entries();
    for (let looked = 0; looked < sweptAtOnce; looked++) {
      const { done, value } = this.#sweeper.next();
      if (done) {
        this.#sweeper = undefined;
        return;
      }
      const [key, { fetching, failedUntil, endsAt }] = value;
      if (fetching === undefined && now >= failedUntil && now >= endsAt) this.#delete(key);
    }
  }

  #delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) this.#hold(entry, undefined);
    this.#entries.delete(key);
    this.#failed.delete(key);
  }
}
