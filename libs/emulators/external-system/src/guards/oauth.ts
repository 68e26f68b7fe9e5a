import { sendJson } from "../exchange.ts";
import { headerOf } from "./basic.ts";
import type { Guard } from "./guard.ts";

/** 401 without a bearer token that `verifyToken` accepts (RFC 6750). */
export function oauthGuard(verifyToken: (token: string) => boolean): Guard {
  return ({ received, response }) => {
    const authorization = headerOf(received, "authorization");
    const token = /^bearer +([^ ]+)$/i.exec(authorization ?? "")?.[1];
    if (token !== undefined && verifyToken(token)) return false;
    const challenge =
      authorization === undefined ? 'Bearer realm="shop"' : 'Bearer realm="shop", error="invalid_token"';
    sendJson(response, 401, { error: "the bearer token is missing or not valid" }, ["www-authenticate", challenge]);
    return true;
  };
}
