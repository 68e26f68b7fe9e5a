import type { Clock } from "../model/clock.ts";
import type { Random } from "../model/random.ts";

/** What an administrator may do; a token without a wish gets all of it. */
export const administratorScopes = [
  "application:read",
  "application:write",
  "application.auths:read",
  "bundle.instance_auths:read",
  "formation:read",
  "formation:write",
  "internal_visibility:read",
  "runtime:read",
  "runtime:write",
  "runtime.auths:read",
] as const;

/** The tokens of administrators, as an OAuth server would give them. */
export interface Bearers {
  issue(scope: string | undefined): { access_token: string; expires_in: number; token_type: "bearer"; scope: string };
  /** The scopes of a token that is still good. */
  scopesOf(token: string): readonly string[] | undefined;
}

const lifetimeS = 3600;
const limit = 1000;

export function createBearers(clock: Clock, random: Random): Bearers {
  const tokens = new Map<string, { scopes: readonly string[]; expiresAt: number }>();
  return {
    issue(scope) {
      const scopes = scope === undefined || scope === "" ? administratorScopes : scope.split(" ");
      const token = random.bytes(32).toString("base64url");
      tokens.set(token, { scopes, expiresAt: clock.now() + lifetimeS * 1000 });
      for (const oldest of tokens.keys()) {
        if (tokens.size <= limit) break;
        tokens.delete(oldest);
      }
      return { access_token: token, expires_in: lifetimeS, token_type: "bearer", scope: scopes.join(" ") };
    },
    scopesOf(token) {
      const known = tokens.get(token);
      return known !== undefined && known.expiresAt > clock.now() ? known.scopes : undefined;
    },
  };
}
