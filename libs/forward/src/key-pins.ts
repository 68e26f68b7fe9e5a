import { createHash } from "node:crypto";
import type { TLSSocket } from "node:tls";

/** A server whose public key is none of those that are expected. */
export class KeyNotPinned extends Error {
  override readonly name = "KeyNotPinned";
  readonly code = "ERR_TLS_KEY_NOT_PINNED";
}

/** The error for a server whose certificate has none of these public keys (base64 of the SHA-256 of its SPKI). */
export function unpinned(socket: TLSSocket, pins: readonly string[]): KeyNotPinned | undefined {
  const spki = socket.getPeerX509Certificate()?.publicKey.export({ type: "spki", format: "der" });
  const digest = spki === undefined ? undefined : createHash("sha256").update(spki).digest("base64");
  if (digest !== undefined && pins.includes(digest)) return undefined;
  return new KeyNotPinned(`the server's public key is none of those that are pinned: sha256/${digest ?? "none"}`);
}
