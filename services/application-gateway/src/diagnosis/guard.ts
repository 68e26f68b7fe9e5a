import type { Problem } from "@application-connector/problem";

/** Whether somebody may see the diagnosis: why not, or undefined. Gets the value of `Authorization`. */
export type Guard = (authorization: string | undefined) => Promise<Problem | undefined>;

/** The token of RFC 6750, section 2.1. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +([\w\-.~+/]+=*)$/i.exec(authorization ?? "")?.[1];
}
