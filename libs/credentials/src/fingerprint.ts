import { createHash } from "node:crypto";

/**
 * SHA-256 over a tuple. Each part goes in with its length, so that ("ab", "c") and ("a", "bc") differ, and a cache key
 * made of it shows nothing of the secrets it stands for.
 */
export function fingerprint(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    const bytes = typeof part === "string" ? Buffer.from(part, "utf8") : part;
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest("base64url");
}
