import { generateKeyPairSync } from "node:crypto";
import { exportJWK } from "jose";
import { expect, test } from "vitest";
import { type KeySet, keySetFrom } from "./key-sets.ts";
import { tokenServer } from "./test-world.ts";
import type { Tokens } from "./token-cache.ts";

const reach = { skipVerify: false, timeoutMs: 1_000 };

test("a key that is not in the set makes it be fetched again, when that was some time ago", async () => {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = { ...(await exportJWK(publicKey)), alg: "ES256" };
  let kid = "old";
  const server = await tokenServer((_, response) => response.end(JSON.stringify({ keys: [{ ...jwk, kid }] })));
  const find = await keySetFrom(server.url, reach, agedBy(31_000)).find();
  const keyNamed = (name: string) => find({ alg: "ES256", kid: name }, { payload: "", signature: "" });
  expect(await keyNamed("old")).toBeDefined();
  kid = "new";
  expect(await keyNamed("new")).toBeDefined();
  expect(server.requests.length).toBe(2);
  await expect(keyNamed("old")).rejects.toMatchObject({ code: "ERR_JWKS_NO_MATCHING_KEY" });
  expect(server.requests.length).toBe(3);
});

/** One set, which is older than it is. */
function agedBy(ms: number): Tokens<KeySet> {
  let held: KeySet | undefined;
  return {
    has: () => held !== undefined,
    async get(_, fetch) {
      if (held !== undefined) return held;
      const { keys, fetchedAt } = (await fetch()).value;
      held = { keys, fetchedAt: fetchedAt - ms };
      return held;
    },
    forget(_, wasUsed) {
      if (held !== undefined && wasUsed(held)) held = undefined;
    },
  };
}
