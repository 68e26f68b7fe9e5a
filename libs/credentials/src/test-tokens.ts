import { type Token, TokenCache } from "./token-cache.ts";

interface Options {
  lifetimeMs?: number;
  marginMs?: number;
  random?: number;
  maxTokens?: number;
  retryIntervalMs?: number;
}

/** A cache, the endpoint that its tokens come from, and their clock. */
export function tokenWorld(options: Options = {}) {
  const clock = { now: 1_000_000 };
  let running: Promise<unknown> = Promise.resolve();
  const source = {
    fetches: 0,
    failure: undefined as Error | undefined,
    fetch: (): Promise<Token> => {
      source.fetches++;
      const answer =
        source.failure === undefined
          ? Promise.resolve({
              value: `token ${source.fetches}`,
              lifetimeMs: options.lifetimeMs ?? 300_000,
              marginMs: options.marginMs,
            })
          : Promise.reject(source.failure);
      running = answer.catch(() => undefined);
      return answer;
    },
    /** After the running fetch and what the cache does with its result. */
    settled: async (): Promise<void> => {
      await running;
      await new Promise(setImmediate);
    },
  };
  const cache = new TokenCache({
    now: () => clock.now,
    random: () => options.random ?? 0,
    ...(options.maxTokens === undefined ? {} : { maxTokens: options.maxTokens }),
    ...(options.retryIntervalMs === undefined ? {} : { retryIntervalMs: options.retryIntervalMs }),
  });
  return { cache, source, clock };
}
