import type { Grant } from "./grant.ts";
import { jwtBearer } from "./jwt-bearer.ts";
import { password } from "./password.ts";
import { refreshToken } from "./refresh-token.ts";
import { samlBearer } from "./saml-bearer.ts";
import { tokenExchange } from "./token-exchange.ts";

const registered = (name: string): string => `urn:ietf:params:oauth:grant-type:${name}`;

/** Every way to get a token here, by `grant_type`. */
export const grants: ReadonlyMap<string, Grant> = new Map<string, Grant>([
  ["client_credentials", () => ({})],
  ["password", password],
  ["refresh_token", refreshToken],
  [registered("jwt-bearer"), jwtBearer],
  [registered("saml2-bearer"), samlBearer],
  [registered("token-exchange"), tokenExchange],
]);
