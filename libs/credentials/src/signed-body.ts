import { createHash } from "node:crypto";
import { choiceOf, type Secret } from "./secret.ts";

const choices = ["present", "always", "never"] as const;

/**
 * Whether a signature covers the body: where there is one (`present`), also where there is none (`always`), or not at all,
 * so that bodies of any size can be streamed (`never`).
 */
export type SignedBody = (typeof choices)[number];

/** Reads the key `signedBody` of a Secret. */
export function signedBodyOf(secret: Secret): SignedBody {
  return choiceOf(secret, "signedBody", choices, "present");
}

export const digestAlgorithms = ["sha-256", "sha-512"] as const;
export type DigestAlgorithm = (typeof digestAlgorithms)[number];

/** The value of a `Content-Digest` (RFC 9530, section 2). */
export function contentDigest(body: Buffer, algorithm: DigestAlgorithm): string {
  return `${algorithm}=:${createHash(algorithm.replace("-", "")).update(body).digest("base64")}:`;
}
