import { describe, expect, test } from "vitest";
import { tokenWorld } from "./test-tokens.ts";
import { TokenView } from "./token-view.ts";

describe("a view of a token cache", () => {
  test("tells its observer of the requests that it makes, and of no others", async () => {
    const { cache, source } = tokenWorld();
    const seen: string[] = [];
    const viewOf = (name: string) =>
      new TokenView(cache, {
        observe: () => {
          seen.push(`${name} begins`);
          return ({ error }) => seen.push(`${name} ${error === undefined ? "succeeded" : "failed"}`);
        },
      });
    const [one, other] = [viewOf("one"), viewOf("other")];
    await Promise.all([one.get("a", source.fetch), other.get("a", source.fetch)]);
    expect(other.get("a", source.fetch)).toBe("token 1");
    source.failure = new Error("down");
    await Promise.allSettled([other.get("b", source.fetch)]);
    expect(seen).toEqual(["one begins", "one succeeded", "other begins", "other failed"]);
  });

  test("says the state of the token that was asked for last", async () => {
    const { cache, source } = tokenWorld();
    const view = new TokenView(cache, { observe: () => () => undefined });
    expect(view.state).toBeUndefined();
    await cache.get("a", source.fetch);
    await view.get("a", source.fetch);
    expect(view.state).toEqual(cache.state("a"));
    expect(view.state).toHaveProperty("lastFetch");
    view.forget("a", () => true);
    expect(view.state).toEqual({});
  });

  test("knows how its last request failed when the cache does not any more", async () => {
    const { cache, source, clock } = tokenWorld();
    const view = new TokenView(cache, { observe: () => () => undefined });
    source.failure = new Error("down");
    await Promise.allSettled([view.get("a", source.fetch)]);
    const { failure } = source;
    source.failure = undefined;
    clock.now += 1_001;
    for (const key of ["b", "c", "d"]) await cache.get(key, source.fetch);
    expect(cache.has("a")).toBe(false);
    expect(view.state?.lastFetch?.error).toBe(failure);
  });

  test("has its requests wait for their turn, and lets nobody else wait", async () => {
    const { cache, source } = tokenWorld();
    const turns: (() => void)[] = [];
    const view = new TokenView(cache, {
      observe: () => () => undefined,
      queue: async (fetch) => {
        await new Promise<void>((resolve) => turns.push(resolve));
        return await fetch();
      },
    });
    const waiting = view.get("a", source.fetch);
    expect(source.fetches).toBe(0);
    turns[0]?.();
    expect(await waiting).toBe("token 1");
    expect(view.get("a", source.fetch)).toBe("token 1");
    expect(turns.length).toBe(1);
  });
});
