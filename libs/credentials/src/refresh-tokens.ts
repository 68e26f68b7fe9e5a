/** Refresh tokens that took the place of those in Secrets; those kept longest ago go first beyond the limit. */
export class RefreshTokens {
  readonly #latest = new Map<string, string>();
  readonly #limit: number;

  constructor(limit = 10_000) {
    this.#limit = limit;
  }

  latest(key: string): string | undefined {
    return this.#latest.get(key);
  }

  keep(key: string, token: string): void {
    this.#latest.delete(key);
    this.#latest.set(key, token);
    const [oldest] = this.#latest.keys();
    if (this.#latest.size > this.#limit && oldest !== undefined) this.#latest.delete(oldest);
  }

  forget(key: string): void {
    this.#latest.delete(key);
  }
}
