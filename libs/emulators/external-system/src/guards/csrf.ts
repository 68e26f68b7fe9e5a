import { randomBytes } from "node:crypto";
import { type Exchange, sendJson } from "../exchange.ts";
import { headerOf } from "./basic.ts";
import type { Guard } from "./guard.ts";

interface Session {
  token: string;
  /** Whoever fetched the token: it is of no use to anybody else. */
  user: string;
}

export interface CsrfProtection {
  guard: Guard;
  readonly sessions: number;
  /** Ends all sessions: tokens fetched so far are refused. */
  reset(): void;
}

const sessionLimit = 1000;

/**
 * The CSRF protection of SAP systems. A request with `X-CSRF-Token: fetch` gets a token and the cookies of a session;
 * a request that changes something must bring both, as the same user, or is refused with `X-CSRF-Token: Required`.
 */
export function csrfProtection(): CsrfProtection {
  const sessions = new Map<string, Session>();

  function open(user: string): { id: string; token: string } {
    const [id, token] = [randomBytes(16).toString("hex"), randomBytes(24).toString("base64url")];
    sessions.set(id, { token, user });
    const oldest = sessions.keys().next().value;
    if (sessions.size > sessionLimit && oldest !== undefined) sessions.delete(oldest);
    return { id, token };
  }

  return {
    guard({ received, response }) {
      const user = userOf(received);
      const token = headerOf(received, "x-csrf-token");
      if (isSafe(received.method)) {
        if (token?.toLowerCase() !== "fetch") return false;
        const session = open(user);
        sendJson(response, 200, { fetched: true }, [
          ...["x-csrf-token", session.token],
          ...["set-cookie", `SESSION=${session.id}; Path=/; HttpOnly`],
          ...["set-cookie", "sap-usercontext=sap-client=100; Path=/"],
        ]);
        return true;
      }
      const session = sessions.get(cookieOf(received, "SESSION") ?? "");
      if (session !== undefined && session.token === token && session.user === user) return false;
      sendJson(response, 403, { error: "CSRF token validation failed" }, ["x-csrf-token", "Required"]);
      return true;
    },
    get sessions() {
      return sessions.size;
    },
    reset: () => sessions.clear(),
  };
}

function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}

function userOf(received: Exchange["received"]): string {
  const authorization = headerOf(received, "authorization") ?? received.tls?.clientSubject ?? "";
  // No two signatures are alike; whose they are does not change.
  return /^AWS4-\S+ Credential=[^/]+/.exec(authorization)?.[0] ?? authorization;
}

function cookieOf({ headers }: Exchange["received"], name: string): string | undefined {
  const pairs = headers
    .filter(([header]) => header.toLowerCase() === "cookie")
    .flatMap(([, value]) => value.split(/; */));
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
