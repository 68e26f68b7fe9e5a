/** How long what was read holds, whatever it was. */
const againAfterMs = 1_000;
/** More Secrets than this are not remembered as read a moment ago. */
const mostRemembered = 10_000;

export interface SecretRefreshOptions<T> {
  /** Somebody tells of every change: there is no need to look. */
  readonly isWatching: () => boolean;
  readonly read: (name: string) => Promise<T>;
  /** Takes what was read; whether it is another than the one that was known. */
  readonly accept: (name: string, secret: T) => boolean;
  readonly now?: () => number;
}

/** Looks at Secrets itself while the watch is down, each at most once a second, whoever asks how often. */
export class SecretRefresh<T> {
  readonly #options: SecretRefreshOptions<T>;
  readonly #reads = new Map<string, { readonly at: number; readonly changed: Promise<boolean> }>();

  constructor(options: SecretRefreshOptions<T>) {
    this.#options = options;
  }

  /** Whether any of them has changed; undefined when that need not be asked. Never rejects. */
  refresh(names: readonly string[]): Promise<boolean> | undefined {
    if (names.length === 0 || this.#options.isWatching()) return undefined;
    return Promise.all(names.map((name) => this.#changed(name))).then((changes) => changes.includes(true));
  }

  #changed(name: string): Promise<boolean> {
    const now = (this.#options.now ?? Date.now)();
    const last = this.#reads.get(name);
    if (last !== undefined && now - last.at < againAfterMs) return last.changed;
    const changed = this.#read(name);
    this.#reads.delete(name);
    this.#reads.set(name, { at: now, changed });
    if (this.#reads.size > mostRemembered) this.#reads.delete(this.#reads.keys().next().value ?? "");
    return changed;
  }

  async #read(name: string): Promise<boolean> {
    try {
      return this.#options.accept(name, await this.#options.read(name));
    } catch {
      // The API server can't be asked, or has no such Secret: what was known before goes on.
      return false;
    }
  }
}
