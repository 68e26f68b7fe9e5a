import { createHmac, createSecretKey } from "node:crypto";
import type { Credential } from "./credential.ts";
import { messageSignature } from "./message-signature.ts";
import { keyBytes, type Secret } from "./secret.ts";

/** `HmacSignature`: calls are signed with a key that both sides have, `hmacKey` (RFC 9421, 3.3.3). */
export function hmacSignature(secret: Secret): Credential {
  const key = createSecretKey(keyBytes(secret, "hmacKey"));
  return messageSignature("HmacSignature", secret, {
    alg: "hmac-sha256",
    sign: (base) => createHmac("sha256", key).update(base).digest(),
  });
}
