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
  const find = await keySetFrom(server.url, reach, agedBy({ by: 31_000 })).find();
  const keyNamed = (name: string) => find({ alg: "ES256", kid: name }, { payload: "", signature: "" });
  expect(await keyNamed("old")).toBeDefined();
  kid = "new";
  expect(await keyNamed("new")).toBeDefined();
  expect(server.requests.length).toBe(2);
  await expect(keyNamed("old")).rejects.toMatchObject({ code: "ERR_JWKS_NO_MATCHING_KEY" });
  expect(server.requests.length).toBe(3);
});

test("while no other can be had, the set that is there counts until its end, whoever asks for a key that is not in it", async () => {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = { ...(await exportJWK(publicKey)), alg: "ES256", kid: "k" };
  let fails = false;
  const server = await tokenServer((_, response) => {
    if (fails) response.writeHead(503).end();
    else response.end(JSON.stringify({ keys: [jwk] }));
  });
  const aged = { by: 31_000 };
  const find = await keySetFrom(server.url, reach, agedBy(aged)).find();
  const keyNamed = (name: string) => find({ alg: "ES256", kid: name }, { payload: "", signature: "" });
  expect(await keyNamed("k")).toBeDefined();
  fails = true;
  await expect(keyNamed("made-up")).rejects.toMatchObject({ code: "ERR_JWKS_NO_MATCHING_KEY" });
  expect(await keyNamed("k")).toBeDefined();
  expect(server.requests.length).toBe(3);
  fails = false;
  aged.by = 11 * 60_000;
  expect(await keyNamed("k")).toBeDefined();
  fails = true;
  await expect(keyNamed("made-up")).rejects.toThrow("status 503");
});

/** One set, which is older than it is. */
function agedBy(aged: { readonly by: number }): Tokens<KeySet> {
  let held: KeySet | undefined;
  return {
    has: () => held !== undefined,
    async get(_, fetch) {
      if (held !== undefined) return held;
      const { value } = await fetch();
      held = { ...value, fetchedAt: value.fetchedAt - aged.by };
      return held;
    },
    forget(_, wasUsed) {
      if (held !== undefined && wasUsed(held)) held = undefined;
    },
  };
}
