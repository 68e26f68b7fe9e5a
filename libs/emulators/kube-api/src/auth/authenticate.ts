import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { unauthorized } from "../status.ts";
import { serviceAccountGroups, type Tokens } from "./tokens.ts";
import { anonymous, authenticated, type User } from "./user.ts";

/** Who the request's bearer token says it is; nobody in particular without one; an error when it is not known. */
export function authenticate(request: IncomingMessage, tokens: Tokens): User {
  const authorization = request.headers.authorization;
  if (authorization === undefined) return anonymous;
  const token = /^Bearer\s+(\S+)\s*$/i.exec(authorization)?.[1];
  const user = token === undefined ? undefined : tokens.find(token);
  if (!user) throw unauthorized();
  return user;
}

/** The user the request wants to act as, if any; whether that is allowed is for the authorizer to say. */
export function impersonated(request: IncomingMessage): User | undefined {
  const { headers } = request;
  const name = headers["impersonate-user"];
  if (typeof name !== "string") return undefined;
  const groups = request.headersDistinct["impersonate-group"] ?? serviceAccountGroups(name);
  const extra = extraOf(headers);
  return { ...authenticated(name, groups), ...(Object.keys(extra).length > 0 && { extra }) };
}

function extraOf(headers: IncomingHttpHeaders): Record<string, string[]> {
  const extra: Record<string, string[]> = {};
  for (const [key, value] of Object.entries(headers)) {
    if (!key.startsWith("impersonate-extra-") || value === undefined) continue;
    extra[decodeURIComponent(key.slice("impersonate-extra-".length))] = [value].flat();
  }
  return extra;
}
