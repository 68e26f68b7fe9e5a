import { badRequest } from "../status.ts";

/** Where a paged list goes on: after a key, in the state of a revision (none: the newest). */
export interface Position {
  revision: number | undefined;
  after: string;
}

export function writeToken({ revision, after }: Position): string {
  const token = { v: "meta.k8s.io/v1", rv: revision ?? -1, start: `/${after}\u0000` };
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

export function readToken(text: string): Position {
  try {
    const { v, rv, start } = JSON.parse(Buffer.from(text, "base64url").toString()) as Record<string, unknown>;
    if (v === "meta.k8s.io/v1" && typeof rv === "number" && typeof start === "string") {
      return { revision: rv < 0 ? undefined : rv, after: start.slice(1).replace(/\0$/, "") };
    }
  } catch {
    // Falls through to the one answer for every broken token.
  }
  throw badRequest("invalid continue token: continue key is not valid: the token was not issued by this server");
}
