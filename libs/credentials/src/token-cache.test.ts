import { describe, expect, test } from "vitest";
import { type Token, TokenCache } from "./token-cache.ts";
import { TokenView } from "./token-view.ts";

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

  test("knows until when a token is used and how the last request for it went, also when another API made it", async () => {
    const { cache, source, clock } = world({ lifetimeMs: 302_000 });
    expect(cache.state("k")).toEqual({});
    await cache.get("k", source.fetch);
    const fetched = { expiresAt: 1_300_000, lastFetch: { durationMs: 0, endedAt: 1_000_000 } };
    expect(cache.state("k")).toEqual(fetched);
    clock.now += 300_000;
    source.failure = new Error("down");
    await Promise.allSettled([cache.get("k", source.fetch)]);
    expect(cache.state("k")).toEqual({ lastFetch: { durationMs: 0, endedAt: 1_300_000, error: source.failure } });
  });
});

describe("a view of a token cache", () => {
  test("tells its observer of the requests that it makes, and of no others", async () => {
    const { cache, source } = world();
    const seen: string[] = [];
    const viewOf = (name: string) =>
      new TokenView(cache, () => {
        seen.push(`${name} begins`);
        return ({ error }) => seen.push(`${name} ${error === undefined ? "succeeded" : "failed"}`);
      });
    const [one, other] = [viewOf("one"), viewOf("other")];
    await Promise.all([one.get("a", source.fetch), other.get("a", source.fetch)]);
    expect(other.get("a", source.fetch)).toBe("token 1");
    source.failure = new Error("down");
    await Promise.allSettled([other.get("b", source.fetch)]);
    expect(seen).toEqual(["one begins", "one succeeded", "other begins", "other failed"]);
  });

  test("says the state of the token that was asked for last", async () => {
    const { cache, source } = world();
    const view = new TokenView(cache, () => () => undefined);
    expect(view.state).toBeUndefined();
    await cache.get("a", source.fetch);
    await view.get("a", source.fetch);
    expect(view.state).toEqual(cache.state("a"));
    expect(view.state).toHaveProperty("lastFetch");
    view.forget("a", () => true);
    expect(view.state).toEqual({});
  });
});

function world(options: { lifetimeMs?: number; random?: number; maxTokens?: number } = {}) {
  const clock = { now: 1_000_000 };
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
  });
  return { cache, source, clock };
}
