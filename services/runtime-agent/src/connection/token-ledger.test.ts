import { type Client, KubeError } from "@application-connector/kube";
import { expect, test } from "vitest";
import { createTokenLedger, tokenHash } from "./token-ledger.ts";

const name = { namespace: "kyma-system", name: "compass-agent-configuration" };
const configuration = (usedTokenHash?: string) => ({
  connectorUrl: "",
  token: "token",
  runtimeId: "",
  tenant: "",
  usedTokenHash,
});

/** A cluster whose answer to a write is lost. */
const losing = {
  patch: () => Promise.reject(new KubeError("no answer", { status: 0, reason: "Timeout" })),
} as Partial<Client> as Client;

test("a token that was noted and not sent, because nobody knows whether it was noted, can still be sent", async () => {
  const ledger = createTokenLedger(losing, name);
  await expect(ledger.spend(configuration())).rejects.toThrow("no answer");
  // The note did arrive.
  expect(ledger.status(configuration(tokenHash("token")))).toBe("fresh");
  // The next process does not know, and is careful.
  expect(createTokenLedger(losing, name).status(configuration(tokenHash("token")))).toBe("used");
});
