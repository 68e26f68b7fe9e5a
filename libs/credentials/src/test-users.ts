import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { exportJWK, type JWTPayload, SignJWT } from "jose";

/** Whose tokens of users are true. */
export const issuer = { userTokenIssuer: "https://idp", userTokenAudience: "gateway" };
export const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
export const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: "k" }] });
export const client = { clientId: "c", clientSecret: "a client's secret" };

export function as(token: string): { clientHeaders: string[] } {
  return { clientHeaders: ["X-User-Token", token] };
}

export function userToken(claims: JWTPayload = {}): Promise<string> {
  return sign(claims, pair.privateKey);
}

export function sign(
  claims: JWTPayload,
  key: KeyObject,
  header: { alg: string; kid?: string } = { alg: "ES256", kid: "k" },
) {
  const exp = Math.floor(Date.now() / 1000) + 300;
  return new SignJWT({ iss: "https://idp", aud: "gateway", sub: "ada", exp, ...claims })
    .setProtectedHeader(header)
    .sign(key);
}
