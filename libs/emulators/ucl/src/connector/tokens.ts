import { createHash } from "node:crypto";
import type { OneTimeToken, SystemAuth } from "../model/records.ts";
import type { World } from "../world.ts";

const minuteMs = 60_000;

/** How long a one-time token may wait for its use. */
export const tokenLifetimeMs = { RUNTIME: 60 * minuteMs, APPLICATION: 5 * minuteMs } as const;

/** Gives a system auth a fresh one-time token in place of the one it may have. */
export function issueToken({ clock, random }: World, auth: SystemAuth): OneTimeToken {
  const createdAt = clock.now();
  auth.oneTimeToken = {
    // 64 random bytes, URL-safe with padding: 88 characters.
    token: random.bytes(64).toString("base64").replaceAll("+", "-").replaceAll("/", "_"),
    createdAt,
    expiresAt: createdAt + tokenLifetimeMs[auth.type],
    usedAt: null,
  };
  return auth.oneTimeToken;
}

/** Spends a token: whatever becomes of the request that brought it, the token cannot be used again. */
export function spendToken({ model, clock }: World, token: string): SystemAuth | string {
  if (token === "") return "token is missing";
  for (const auth of model.systemAuths.values()) {
    const known = auth.oneTimeToken;
    if (known === null || known.token !== token) continue;
    if (known.usedAt !== null) return "token has been used already";
    known.usedAt = clock.now();
    return known.expiresAt <= clock.now() ? "token has expired" : auth;
  }
  return "token is unknown";
}

export const fingerprintOfToken = (token: string): string => createHash("sha256").update(token).digest("hex");
