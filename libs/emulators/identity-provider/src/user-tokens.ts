import { generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";
import { createLocalJWKSet, errors, exportJWK, type JSONWebKeySet, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { OAuthError } from "./oauth-error.ts";

/** A user's token as this server signs it. */
export interface UserTokenOptions {
  /** From now on, in seconds; 300. Less than 0 makes one that has ended. */
  readonly lifetimeS?: number;
  readonly claims?: JWTPayload;
}

/** JWTs of users: made here, and checked here when somebody brings one. */
export interface UserTokens {
  readonly issuer: string;
  keys(): Promise<JSONWebKeySet>;
  issue(subject: string, options?: UserTokenOptions): Promise<string>;
  /** Throws an `OAuthError` for one that this server did not sign, or that has ended. */
  subjectOf(token: string): Promise<string>;
  /** New tokens are signed with another key; the one before stays among `keys` when it shall. */
  rotateKey(keepsOld?: boolean): void;
}

interface Signer {
  readonly kid: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const algorithm = "ES256";

export function createUserTokens(issuer: string): UserTokens {
  let [current, ...old]: [Signer, ...Signer[]] = [makeSigner()];
  const keys = async (): Promise<JSONWebKeySet> => ({
    keys: await Promise.all(
      [current, ...old].map(async ({ kid, publicKey }) => ({
        ...(await exportJWK(publicKey)),
        kid,
        alg: algorithm,
        use: "sig",
      })),
    ),
  });
  return {
    issuer,
    keys,
    async issue(subject, { lifetimeS = 300, claims = {} } = {}) {
      const nowS = Math.floor(Date.now() / 1000);
      return await new SignJWT({
        iss: issuer,
        sub: subject,
        jti: randomUUID(),
        iat: nowS,
        exp: nowS + lifetimeS,
        ...claims,
      })
        .setProtectedHeader({ alg: algorithm, kid: current.kid, typ: "JWT" })
        .sign(current.privateKey);
    },
    async subjectOf(token) {
      try {
        const expected = { issuer, algorithms: [algorithm], requiredClaims: ["exp", "sub"] };
        const { payload } = await jwtVerify(token, createLocalJWKSet(await keys()), expected);
        return payload.sub ?? "";
      } catch (error) {
        if (error instanceof errors.JOSEError)
          throw new OAuthError("invalid_grant", `the token is refused: ${error.code}`);
        throw error;
      }
    },
    rotateKey(keepsOld = true) {
      old = keepsOld ? [current, ...old] : [];
      current = makeSigner();
    },
  };
}

function makeSigner(): Signer {
  return { kid: randomUUID(), ...generateKeyPairSync("ec", { namedCurve: "P-256" }) };
}
