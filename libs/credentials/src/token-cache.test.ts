import { describe, expect, test } from "vitest";
import { tokenWorld } from "./test-tokens.ts";
import { TokenCache } from "./token-cache.ts";

describe("a token cache", () => {
  test("AG-36 fetches once and then answers without a promise", async () => {
    const { cache, source } = tokenWorld();
    expect(await cache.get("k", source.fetch)).toBe("token 1");
    expect(cache.get("k", source.fetch)).toBe("token 1");
    expect(source.fetches).toBe(1);
  });

  test("AG-40 lets parallel first callers share one fetch", async () => {
    const { cache, source } = tokenWorld();
    const answers = await Promise.all(Array.from({ length: 50 }, () => cache.get("k", source.fetch)));
    expect(new Set(answers)).toEqual(new Set(["token 1"]));
    expect(source.fetches).toBe(1);
  });

  test("holds no more bytes than it may, whatever the endpoint gives: those fetched longest ago go first", async () => {
    let bytes = 0;
    const cache = new TokenCache({ maxBytes: 1_000 });
    const fetch = async () => ({ value: "x".repeat(400), lifetimeMs: 60_000 });
    const fails = () => Promise.reject(new Error("no"));
    await expect(cache.get("none", fails)).rejects.toThrow("no");
    for (const key of ["a", "b", "c", "b", "d"]) bytes += (await cache.get(key, fetch)).length;
    expect(bytes).toBe(2_000);
    expect(["a", "b", "c", "d", "none"].filter((key) => cache.has(key))).toEqual(["c", "d", "none"]);
    cache.forget("c", () => true);
    await cache.get("e", fetch);
    expect(["d", "e"].filter((key) => cache.has(key))).toEqual(["d", "e"]);
  });

  test("AG-41 keeps keys apart", async () => {
    const { cache, source } = tokenWorld();
    expect(await cache.get("a", source.fetch)).toBe("token 1");
    expect(await cache.get("b", source.fetch)).toBe("token 2");
    expect(cache.get("a", source.fetch)).toBe("token 1");
  });

  test("AG-37 fetches anew two seconds before the token's end", async () => {
    const { cache, source, clock } = tokenWorld({ lifetimeMs: 5_000 });
    await cache.get("k", source.fetch);
    clock.now += 2_300;
    expect(cache.get("k", source.fetch)).toBe("token 1");
    clock.now += 700;
    expect(await cache.get("k", source.fetch)).toBe("token 2");
  });

  test.each([0, -5_000, 2_000])("does not keep a token with %i ms to live", async (lifetimeMs) => {
    const { cache, source } = tokenWorld({ lifetimeMs });
    expect(await cache.get("k", source.fetch)).toBe("token 1");
    expect(await cache.get("k", source.fetch)).toBe("token 2");
    expect(cache.size).toBe(0);
  });

  test("renews in the background while the old token is served", async () => {
    const { cache, source, clock } = tokenWorld({ lifetimeMs: 302_000 });
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
    const { cache, source, clock } = tokenWorld({ lifetimeMs: 302_000, random: 0.999 });
    await cache.get("k", source.fetch);
    clock.now += 254_000;
    void cache.get("k", source.fetch);
    expect(source.fetches).toBe(1);
    clock.now += 2_000;
    void cache.get("k", source.fetch);
    expect(source.fetches).toBe(2);
  });

  test("goes on with the old token when the renewal fails, and tries again after a second", async () => {
    const { cache, source, clock } = tokenWorld({ lifetimeMs: 302_000 });
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

  test("serves a token until its real end while the endpoint fails, and no longer", async () => {
    const { cache, source, clock } = tokenWorld({ lifetimeMs: 302_000 });
    await cache.get("k", source.fetch);
    source.failure = new Error("down");
    clock.now += 300_500;
    expect(await cache.get("k", source.fetch)).toBe("token 1");
    expect(source.fetches).toBe(2);
    expect(cache.get("k", source.fetch)).toBe("token 1");
    expect(source.fetches).toBe(2);
    clock.now += 1_001;
    expect(cache.get("k", source.fetch)).toBe("token 1");
    expect(source.fetches).toBe(3);
    await source.settled();
    clock.now += 500;
    await expect(cache.get("k", source.fetch)).rejects.toThrow("down");
  });

  test("in the last moments of a token waits for the next, when nothing says that there is none", async () => {
    const { cache, source, clock } = tokenWorld({ lifetimeMs: 302_000 });
    await cache.get("k", source.fetch);
    clock.now += 300_500;
    expect(await cache.get("k", source.fetch)).toBe("token 2");
  });

  test("does not serve a token that was refused while the endpoint fails", async () => {
    const { cache, source, clock } = tokenWorld({ lifetimeMs: 302_000 });
    await cache.get("k", source.fetch);
    clock.now += 250_000;
    source.failure = new Error("down");
    void cache.get("k", source.fetch);
    cache.forget("k", (token) => token === "token 1");
    await expect(cache.get("k", source.fetch)).rejects.toThrow("down");
  });

  test("fetches as early before a token's end as it is told", async () => {
    const { cache, source, clock } = tokenWorld({ lifetimeMs: 300_000, marginMs: 100_000, random: 0 });
    await cache.get("k", source.fetch);
    clock.now += 159_000;
    expect(cache.get("k", source.fetch)).toBe("token 1");
    expect(source.fetches).toBe(1);
    clock.now += 42_000;
    expect(await cache.get("k", source.fetch)).toBe("token 2");
    source.failure = new Error("down");
    clock.now += 299_000;
    expect(await cache.get("k", source.fetch)).toBe("token 2");
  });

  test("uses a token for half of its life, however early it is told to fetch another", async () => {
    const { cache, source, clock } = tokenWorld({ lifetimeMs: 60_000, marginMs: 3_600_000 });
    await cache.get("k", source.fetch);
    clock.now += 23_000;
    expect(cache.get("k", source.fetch)).toBe("token 1");
    clock.now += 8_000;
    expect(await cache.get("k", source.fetch)).toBe("token 2");
  });

  test("leaves an endpoint that fails alone for as long as it is told", async () => {
    const { cache, source, clock } = tokenWorld({ retryIntervalMs: 5_000 });
    source.failure = new Error("down");
    for (let round = 0; round < 5; round++) {
      await expect(cache.get("k", source.fetch)).rejects.toThrow("down");
      clock.now += 1_000;
    }
    expect(source.fetches).toBe(1);
    clock.now += 1;
    await expect(cache.get("k", source.fetch)).rejects.toThrow("down");
    expect(source.fetches).toBe(2);
  });

  test("keeps nothing of what has failed or ended, once others come", async () => {
    const { cache, source, clock } = tokenWorld({ lifetimeMs: 60_000 });
    for (let i = 0; i < 100; i++) await cache.get(`ended ${i}`, source.fetch);
    source.failure = new Error("down");
    for (let i = 0; i < 100; i++) await Promise.allSettled([cache.get(`failed ${i}`, source.fetch)]);
    expect(cache.size).toBe(200);
    clock.now += 60_001;
    source.failure = undefined;
    for (let i = 0; i < 60; i++) await cache.get(`new ${i}`, source.fetch);
    expect(cache.size).toBe(60);
    expect(cache.get("new 0", source.fetch)).toBe("token 201");
  });

  test("lets failures never take the place of tokens", async () => {
    const { cache, source } = tokenWorld({ maxTokens: 3 });
    await cache.get("a", source.fetch);
    await cache.get("b", source.fetch);
    source.failure = new Error("down");
    for (let i = 0; i < 100; i++) await Promise.allSettled([cache.get(`failed ${i}`, source.fetch)]);
    expect(cache.size).toBe(3);
    expect([cache.get("a", source.fetch), cache.get("b", source.fetch)]).toEqual(["token 1", "token 2"]);
    expect(cache.has("failed 99")).toBe(true);
  });

  test("answers a failure to all who wait, and for a second after it without asking again", async () => {
    const { cache, source, clock } = tokenWorld();
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
    const { cache, source } = tokenWorld();
    await cache.get("k", source.fetch);
    cache.forget("k", (token) => token === "token 1");
    expect(await cache.get("k", source.fetch)).toBe("token 2");
    cache.forget("k", (token) => token === "token 1");
    expect(cache.get("k", source.fetch)).toBe("token 2");
  });

  test("does not serve a refused token while another is on its way", async () => {
    const { cache, source, clock } = tokenWorld({ lifetimeMs: 302_000 });
    await cache.get("k", source.fetch);
    clock.now += 250_000;
    void cache.get("k", source.fetch);
    cache.forget("k", (token) => token === "token 1");
    expect(await cache.get("k", source.fetch)).toBe("token 2");
    expect(source.fetches).toBe(2);
  });

  test("holds a bounded number of tokens, those fetched last", async () => {
    const { cache, source } = tokenWorld({ maxTokens: 2 });
    await cache.get("a", source.fetch);
    await cache.get("b", source.fetch);
    await cache.get("c", source.fetch);
    expect(cache.size).toBe(2);
    expect(cache.get("b", source.fetch)).toBe("token 2");
    expect(cache.get("c", source.fetch)).toBe("token 3");
    expect(await cache.get("a", source.fetch)).toBe("token 4");
  });

  test("knows until when a token is used and how the last request for it went, also when another API made it", async () => {
    const { cache, source, clock } = tokenWorld({ lifetimeMs: 302_000 });
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
