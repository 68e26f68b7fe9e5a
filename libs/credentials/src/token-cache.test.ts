import { describe, expect, test } from "vitest";
import { type Token, TokenCache, type TokenFetch } from "./token-cache.ts";

describe("a token cache", () => {
  test("AG-36 fetches once and then answers without a promise", async () => {
    const { cache, source } = world();
    expect(await cache.get("k", source.fetch)).toBe("token 1");
    expect(cache.get("k", source.fetch)).toBe("token 1");
    expect(source.fetches).toBe(1);
  });

  test("AG-40 lets parallel first callers share one fetch", async () => {
    const { cache, source } = world();
    const answers = await Promise.all(Array.from({ length: 50 }, () => cache.get("k", source.fetch)));
    expect(new Set(answers)).toEqual(new Set(["token 1"]));
    expect(source.fetches).toBe(1);
  });

  test("AG-41 keeps keys apart", async () => {
    const { cache, source } = world();
    expect(await cache.get("a", source.fetch)).toBe("token 1");
    expect(await cache.get("b", source.fetch)).toBe("token 2");
    expect(cache.get("a", source.fetch)).toBe("token 1");
  });

  test("AG-37 fetches anew two seconds before the token's end", async () => {
    const { cache, source, clock } = world({ lifetimeMs: 5_000 });
    await cache.get("k", source.fetch);
    clock.now += 2_300;
    expect(cache.get("k", source.fetch)).toBe("token 1");
    clock.now += 700;
    expect(await cache.get("k", source.fetch)).toBe("token 2");
  });

  test.each([0, -5_000, 2_000])("does not keep a token with %i ms to live", async (lifetimeMs) => {
    const { cache, source } = world({ lifetimeMs });
    expect(await cache.get("k", source.fetch)).toBe("token 1");
    expect(await cache.get("k", source.fetch)).toBe("token 2");
    expect(cache.size).toBe(0);
  });

  test("renews in the background while the old token is served", async () => {
    const { cache, source, clock } = world({ lifetimeMs: 302_000 });
    await cache.get("k", source.fetch);
    clock.now += 239_000;
    expect(cache.get("k", source.fetch)).toBe("token 1");
    expect(source.fetches).toBe(1);
    clock.now += 2_000;
    for (let i = 0; i < 1_000; i++) expect(cache.get("k", source.fetch)).toBe("token 1");
    await source.settled();
    expect(source.fetches).toBe(2);
    expect(cache.get("k", source.fetch)).toBe("token 2");
  });

  test("spreads renewals over time", async () => {
    const { cache, source, clock } = world({ lifetimeMs: 302_000, random: 0.999 });
    await cache.get("k", source.fetch);
    clock.now += 254_000;
    void cache.get("k", source.fetch);
    expect(source.fetches).toBe(1);
    clock.now += 2_000;
    void cache.get("k", source.fetch);
    expect(source.fetches).toBe(2);
  });

  test("goes on with the old token when the renewal fails, and tries again after a second", async () => {
    const { cache, source, clock } = world({ lifetimeMs: 302_000 });
    await cache.get("k", source.fetch);
    source.failure = new Error("down");
    clock.now += 250_000;
    expect(cache.get("k", source.fetch)).toBe("token 1");
    await source.settled();
    expect(cache.get("k", source.fetch)).toBe("token 1");
    expect(source.fetches).toBe(2);
    clock.now += 1_001;
    void cache.get("k", source.fetch);
    expect(source.fetches).toBe(3);
    await source.settled();
  });

  test("answers a failure to all who wait, and for a second after it without asking again", async () => {
    const { cache, source, clock } = world();
    source.failure = new Error("down");
    const failed = await Promise.allSettled([cache.get("k", source.fetch), cache.get("k", source.fetch)]);
    expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(cache.get("k", source.fetch)).rejects.toThrow("down");
    expect(source.fetches).toBe(1);
    clock.now += 1_001;
    source.failure = undefined;
    expect(await cache.get("k", source.fetch)).toBe("token 2");
  });

  test("forgets a token that was refused, but not the one that came after it", async () => {
    const { cache, source } = world();
    await cache.get("k", source.fetch);
    cache.forget("k", (token) => token === "token 1");
    expect(await cache.get("k", source.fetch)).toBe("token 2");
    cache.forget("k", (token) => token === "token 1");
    expect(cache.get("k", source.fetch)).toBe("token 2");
  });

  test("does not serve a refused token while another is on its way", async () => {
    const { cache, source, clock } = world({ lifetimeMs: 302_000 });
    await cache.get("k", source.fetch);
    clock.now += 250_000;
    void cache.get("k", source.fetch);
    cache.forget("k", (token) => token === "token 1");
    expect(await cache.get("k", source.fetch)).toBe("token 2");
    expect(source.fetches).toBe(2);
  });

  test("holds a bounded number of tokens, those fetched last", async () => {
    const { cache, source } = world({ maxTokens: 2 });
    await cache.get("a", source.fetch);
    await cache.get("b", source.fetch);
    await cache.get("c", source.fetch);
    expect(cache.size).toBe(2);
    expect(cache.get("b", source.fetch)).toBe("token 2");
    expect(cache.get("c", source.fetch)).toBe("token 3");
    expect(await cache.get("a", source.fetch)).toBe("token 4");
  });

  test("tells about every fetch", async () => {
    const { cache, source, seen } = world();
    await cache.get("a", source.fetch);
    source.failure = new Error("down");
    await Promise.allSettled([cache.get("b", source.fetch)]);
    expect(seen.map(({ succeeded }) => succeeded)).toEqual([true, false]);
  });
});

function world(options: { lifetimeMs?: number; random?: number; maxTokens?: number } = {}) {
  const clock = { now: 1_000_000 };
  const seen: TokenFetch[] = [];
  let running: Promise<unknown> = Promise.resolve();
  const source = {
    fetches: 0,
    failure: undefined as Error | undefined,
    fetch: (): Promise<Token> => {
      source.fetches++;
      const answer =
        source.failure === undefined
          ? Promise.resolve({ value: `token ${source.fetches}`, lifetimeMs: options.lifetimeMs ?? 300_000 })
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
    onFetch: (fetch) => seen.push(fetch),
  });
  return { cache, source, clock, seen };
}
