import { headerValues } from "@application-connector/forward";
import { Problem } from "@application-connector/problem";
import type { OutgoingCall } from "./credential.ts";
import { secondsToExpiry } from "./token-response.ts";

/** The headers that a caller's token may come in; none of them is meant for the target. */
export const userTokenHeaders: readonly string[] = ["authorization", "x-user-token"];

const token68 = /^[A-Za-z0-9\-._~+/]+=*$/;
const longestCharacters = 64 * 1024;
/** Clocks differ. */
const toleranceS = 60;

/**
 * The token of the user for whom a call is made: `X-User-Token`, else the bearer token in `Authorization`; undefined where
 * there is none, or none that can be one.
 */
export function findUserToken({ clientHeaders }: Pick<OutgoingCall, "clientHeaders">): string | undefined {
  const [own = ""] = headerValues(clientHeaders, "x-user-token");
  const text = own || (headerValues(clientHeaders, "authorization")[0] ?? "");
  const isBearer = /^bearer +/i.test(text);
  const token = isBearer ? text.replace(/^bearer +/i, "") : own;
  return token.length <= longestCharacters && token68.test(token) ? token : undefined;
}

/** Rejects with the `Problem` of a call without a user, or with one whose token has ended. */
export function userTokenOf(call: Pick<OutgoingCall, "clientHeaders">): string {
  const token = findUserToken(call);
  if (token === undefined) {
    const text =
      "the API is called for a user: send his token in 'X-User-Token', or as bearer token in 'Authorization'";
    throw new Problem("USER_TOKEN_MISSING", text);
  }
  if ((lifeOf(token) ?? 0) < -toleranceS) throw refusedUserToken("it has ended");
  return token;
}

/** In seconds, as the token itself says; undefined for what is no JWT. */
export function lifeOf(token: string): number | undefined {
  return secondsToExpiry(token, Date.now());
}

export function refusedUserToken(why: string, cause?: unknown): Problem {
  return new Problem("USER_TOKEN_REFUSED", `the token of the user is refused: ${why}`, { cause });
}
