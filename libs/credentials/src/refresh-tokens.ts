/** Refresh tokens that took the place of those in Secrets; those kept longest ago go first beyond the limit. */
export class RefreshTokens {
  readonly #latest = new Map<string, string>();
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #limit: number;

  constructor(limit = 10_000) {
    this.#limit = limit;
  }

  /** One after the other: each may get the token that the next has to use. `use` needs a deadline of its own. */
  inTurn<T>(key: string, use: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(key) ?? Promise.resolve()).then(use);
    const ended = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#turns.set(key, ended);
    void ended.then(() => {
      if (this.#turns.get(key) === ended) this.#turns.delete(key);
    });
    return turn;
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
