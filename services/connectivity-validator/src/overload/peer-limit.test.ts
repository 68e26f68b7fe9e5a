import type { Answer, Exchange } from "@application-connector/forward";
import { expect, test } from "vitest";
import { limitPeers } from "./peer-limit.ts";

function calls(perSecond: number, burst: number) {
  let handled = 0;
  const limited = limitPeers(() => void handled++, { perSecond, burst });
  return {
    from(remoteAddress: string): number {
      const before = handled;
      let status = 0;
      const answer = (given: Answer) => {
        status = given.status;
      };
      limited({ remoteAddress, headers: [], answer } as unknown as Exchange);
      return handled > before ? 200 : status;
    },
  };
}

test("each address has its own rate", () => {
  const { from } = calls(0.001, 2);
  expect([from("a"), from("a"), from("a"), from("b"), from("a")]).toEqual([200, 200, 429, 200, 429]);
});

test("a crowd of addresses is forgotten in time, and takes no more memory", () => {
  const { from } = calls(0.001, 1);
  expect([from("first"), from("first")]).toEqual([200, 429]);
  for (let peer = 0; peer < 5_000; peer++) from(`${peer}`);
  expect(from("first")).toBe(429);
  for (let peer = 0; peer < 40_000; peer++) from(`${peer}`);
  expect(from("first")).toBe(200);
});
