import { createHash, X509Certificate } from "node:crypto";
import type { FaultAction } from "@application-connector/ucl-emulator";
import { expect } from "vitest";
import { makeShortKey } from "./short-key.ts";
import {
  authoritiesSecret,
  clientSecret,
  configurationSecret,
  connectionReference,
  until,
  type World,
} from "./world.ts";

/** Everything that can go wrong with one call, but for a silence of 30 seconds. */
export const quickActions: Readonly<Record<string, FaultAction>> = {
  delay: { delayMs: 50 },
  "500 with errors": { status: 500, body: "json" },
  "503 with a page": { status: 503, body: "html" },
  "504 after it was done": { status: 504, body: "empty", executed: true },
  "an error of GraphQL": { graphqlError: { message: "not now" } },
  "an error beside data": { partialData: true },
  "a reset before": { reset: "before" },
  "a reset after": { reset: "after" },
  "half an answer": { truncate: true },
  nothing: { nullField: "result" },
  "a TLS alert": { tlsAlert: true },
  "too many calls": { rateLimit: { retryAfterS: 0 } },
};

export const slowActions: Readonly<Record<string, FaultAction>> = { silence: { hang: true } };

/** As if nobody had ever paired this cluster. */
export function forgetPairing(world: World): void {
  for (const object of [connectionReference, clientSecret, authoritiesSecret, configurationSecret]) {
    world.cluster.delete(object);
  }
  world.ucl.faults.clear();
}

/** Lives until everything is well; an administrator gives a new token whenever the connection asks for one. */
export async function livesHappily(world: World, withinMs = 45_000): Promise<{ tokensGiven: number }> {
  let tokensGiven = 0;
  let givenAt: string | undefined;
  await until(
    async () => {
      const { status, metadata } = world.connection() ?? {};
      // What the connection says is about the token before, until it is written again.
      if (metadata?.resourceVersion === givenAt && givenAt !== undefined) return false;
      const asksForToken = status?.conditions?.some(({ reason }) => reason === "ReconnectRequired") === true;
      if (asksForToken && needsToken(world)) {
        tokensGiven++;
        givenAt = metadata?.resourceVersion;
        await world.configure({ TOKEN: await world.token() });
      }
      return status?.connectionState === "Synchronized" && status.connectionStatus.error === undefined;
    },
    withinMs,
    () => JSON.stringify(world.connection()?.status),
  );
  return { tokensGiven };
}

/** The token that is there was sent. */
function needsToken(world: World): boolean {
  const { TOKEN = "" } = world.secret(configurationSecret) ?? {};
  const note =
    world.cluster.get(configurationSecret)?.metadata.annotations?.["compass.kyma-project.io/used-token-hash"];
  return TOKEN === "" || note === createHash("sha256").update(TOKEN).digest("hex");
}

/** What holds whatever has happened: no token was sent twice, and what is stored fits together. */
export function holdsWhatMustHold(world: World): void {
  const sent = world.ucl.journal.entries.flatMap(({ headers }) => headers["connector-token"] ?? []);
  expect(new Set(sent).size).toBe(sent.length);
  const { crt = "", key = "", crtChain = "" } = world.secret(clientSecret) ?? {};
  const certificate = new X509Certificate(crt);
  expect(certificate.checkIssued(new X509Certificate(world.ucl.authority.certificate))).toBe(true);
  expect(key).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/);
  expect(crtChain.startsWith(crt)).toBe(true);
  expect(world.secret(authoritiesSecret)?.["cacert"]).toContain(world.ucl.authority.certificate);
}

const key = makeShortKey();
/** One for all: how keys are made is looked at elsewhere. */
export const sameKey = () => key;
