import { describe, expect, test } from "vitest";
import { TokenReviewer } from "./token-reviewer.ts";

const [web, bad] = ["h.web.s", "h.bad.s"];
const shop = { id: "spiffe://cluster.local/ns/shop/sa/web", namespace: "shop", workload: "shop/web" };

describe("a token of a caller", () => {
  test("is reviewed once for all who ask meanwhile, and known then", async () => {
    const { reviewer, asked } = world();
    expect(await Promise.all([reviewer.callerOf(web), reviewer.callerOf(web)])).toEqual([shop, shop]);
    expect(reviewer.callerOf(web)).toEqual(shop);
    expect(asked).toEqual([web]);
  });

  test("is reviewed again within a minute, in the background as long as it holds", async () => {
    const { reviewer, asked, clock } = world();
    await reviewer.callerOf(web);
    clock.now = 57_000;
    expect(reviewer.callerOf(web)).toEqual(shop);
    expect(asked).toEqual([web, web]);
    await new Promise(setImmediate);
    clock.now = 120_000;
    await reviewer.callerOf(web);
    expect(asked.length).toBe(3);
  });

  test("that is nobody's is remembered for some seconds", async () => {
    const { reviewer, asked, clock } = world();
    expect(await reviewer.callerOf(bad)).toBeUndefined();
    expect(reviewer.callerOf(bad)).toBeUndefined();
    expect(asked).toEqual([bad]);
    clock.now = 10_000;
    expect(await reviewer.callerOf(bad)).toBeUndefined();
    expect(asked).toEqual([bad, bad]);
  });

  test.each(["", "opaque", "a.b", "a.b.c.d", "a b.c.d", `${"x".repeat(9_000)}.y.z`])(
    "that can't be one is not asked about: %.20s",
    (token) => {
      const { reviewer, asked } = world();
      expect(reviewer.callerOf(token)).toBeUndefined();
      expect(asked).toEqual([]);
    },
  );

  test("of a user that is no service account is nobody's", async () => {
    const { reviewer } = world();
    expect(await reviewer.callerOf("h.admin.s")).toBeUndefined();
  });

  test("can't be judged while the API server is away; the failure is shared for a second", async () => {
    const { reviewer, asked, clock } = world();
    for (const _ of [1, 2]) {
      await expect(reviewer.callerOf("h.down.s")).rejects.toMatchObject({ code: "CALLER_UNVERIFIED", status: 503 });
    }
    expect(asked.length).toBe(1);
    clock.now = 1_001;
    await expect(reviewer.callerOf("h.down.s")).rejects.toThrow();
    expect(asked.length).toBe(2);
  });

  test("made up again and again does not flood the API server", async () => {
    const { reviewer, asked } = world();
    const answers = Array.from({ length: 200 }, (_, index) => reviewer.callerOf(`h.slow${index}.s`));
    const settled = await Promise.allSettled(answers);
    expect(asked.length).toBe(32);
    expect(settled.filter(({ status }) => status === "rejected").length).toBe(168);
    expect(reviewer.size).toBe(32);
    expect(await reviewer.callerOf(web)).toEqual(shop);
  });
});

function world() {
  const clock = { now: 0 };
  const asked: string[] = [];
  const reviewer = new TokenReviewer({
    trustDomain: "cluster.local",
    now: () => clock.now,
    async review(token) {
      asked.push(token);
      if (token === "h.down.s") throw new Error("ECONNREFUSED");
      if (token === "h.admin.s") return "admin";
      return token === web ? "system:serviceaccount:shop:web" : undefined;
    },
  });
  return { reviewer, asked, clock };
}
