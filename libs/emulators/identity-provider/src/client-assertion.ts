import { createPublicKey } from "node:crypto";
import { errors, type JWTVerifyOptions, jwtVerify } from "jose";
import type { RegisteredClient } from "./client-authentication.ts";
import { OAuthError } from "./oauth-error.ts";

export const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** What an assertion may be signed with by a client that has a key, and by one that has a secret. */
const byKey = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"];
const bySecret = ["HS256"];
const longestLifeS = 600;
const rememberedIds = 10_000;

/** Checks what clients say of themselves in a signed statement (RFC 7523, section 3). */
export interface ClientAssertions {
  /** Resolves when the client itself has signed it, for this server, a moment ago and for the first time. */
  check(assertion: string, client: RegisteredClient | undefined, audiences: readonly string[]): Promise<void>;
}

export function createClientAssertions(): ClientAssertions {
  const used = new Set<string>();
  return {
    async check(assertion, client, audiences) {
      if (client === undefined) throw refusal("the client is not known");
      const expected = {
        issuer: client.id,
        subject: client.id,
        audience: [...audiences],
        requiredClaims: ["exp", "jti"],
      };
      const { payload } = await verify(assertion, client, expected);
      const { exp = 0, iat = Date.now() / 1000, jti = "" } = payload;
      if (exp - iat > longestLifeS) throw refusal("the assertion lives too long");
      const id = JSON.stringify([client.id, jti]);
      if (used.has(id)) throw refusal("the assertion was used before");
      used.add(id);
      const [oldest] = used;
      if (used.size > rememberedIds && oldest !== undefined) used.delete(oldest);
    },
  };
}

async function verify(assertion: string, client: RegisteredClient, expected: JWTVerifyOptions) {
  try {
    if (client.publicKey !== undefined) {
      return await jwtVerify(assertion, createPublicKey(client.publicKey), { ...expected, algorithms: byKey });
    }
    if (client.secret === undefined) throw refusal("the client signs no assertions");
    return await jwtVerify(assertion, Buffer.from(client.secret), { ...expected, algorithms: bySecret });
  } catch (error) {
    if (error instanceof errors.JOSEError) throw refusal(`the assertion is refused: ${error.code}`);
    throw error;
  }
}

function refusal(description: string): OAuthError {
  return new OAuthError("invalid_client", description);
}
