import type { JSONWebKeySet, JWTVerifyGetKey } from "jose";
import { CallFailure, callWithinOrigin } from "./call-within-origin.ts";
import { fingerprint } from "./fingerprint.ts";
import { showUrl } from "./http-url.ts";
import { type Reach, trustOf } from "./reach.ts";
import type { Token, Tokens } from "./token-cache.ts";

/** The public keys of whoever signs users' tokens (RFC 7517). */
export interface KeySet {
  readonly keys: JSONWebKeySet;
  /** In ms since the epoch. */
  readonly fetchedAt: number;
  /** As it was sent. */
  readonly bytes: number;
}

/** Why there are no keys. The message is for callers. */
export class KeySetError extends Error {
  override readonly name = "KeySetError";
}

const lifeMs = 10 * 60_000;
/** A key that nobody knows makes the set be fetched again, and no more often than this: anybody can make up its name. */
const cooldownMs = 30_000;

/** A set that is fetched when it is needed, and again when it does not have the key that is asked for. */
export function keySetFrom(url: string, reach: Reach, sets: Tokens<KeySet>): { find(): Promise<JWTVerifyGetKey> } {
  const key = fingerprint("jwks", url, ...trustOf(reach));
  let last: KeySet | undefined;
  // The name of a key that somebody made up has had the set dropped: until its end it counts while no other can be had.
  const get = async (): Promise<KeySet> => {
    try {
      last = await sets.get(key, () => fetchKeySet(url, reach));
    } catch (error) {
      if (last === undefined || Date.now() - last.fetchedAt >= lifeMs) throw error;
    }
    return last;
  };
  return {
    async find() {
      const { createLocalJWKSet, errors } = await import("jose");
      return async (header, token) => {
        const set = await get();
        try {
          return await createLocalJWKSet(set.keys)(header, token);
        } catch (error) {
          if (!(error instanceof errors.JWKSNoMatchingKey) || Date.now() - set.fetchedAt < cooldownMs) throw error;
          sets.forget(key, (used) => used === set);
          return await createLocalJWKSet((await get()).keys)(header, token);
        }
      };
    },
  };
}

async function fetchKeySet(url: string, reach: Reach): Promise<Token<KeySet>> {
  const failed = (why: string, cause?: unknown) =>
    new KeySetError(`failed to get the keys of '${showUrl(url)}': ${why}`, { cause });
  try {
    const headers = ["Accept", "application/json, application/jwk-set+json"];
    const { status, body } = await callWithinOrigin({ url, query: [], method: "GET", headers, reach });
    if (status !== 200) throw failed(`status ${status}`);
    const keys = readKeySet(body);
    if (keys === undefined) throw failed("no key set");
    return { value: { keys, fetchedAt: Date.now(), bytes: body.length }, lifetimeMs: lifeMs };
  } catch (cause) {
    throw cause instanceof CallFailure ? failed(cause.message, cause) : cause;
  }
}

/** Undefined for what is none. */
export function readKeySet(text: string): JSONWebKeySet | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const { keys } = (parsed ?? {}) as Record<string, unknown>;
    const isSet = Array.isArray(keys) && keys.every((key) => typeof key === "object" && key !== null);
    return isSet ? (parsed as JSONWebKeySet) : undefined;
  } catch {
    return undefined;
  }
}
