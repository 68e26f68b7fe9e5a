import type { Credential } from "./credential.ts";

/** No authentication: the client's own `Authorization` passes through. Also serves types this gateway does not know. */
export function none(type = "none"): Credential {
  return { type, replaces: [], authorize: () => undefined, refused: () => undefined };
}
