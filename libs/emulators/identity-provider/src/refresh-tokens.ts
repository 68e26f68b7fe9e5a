import { randomBytes } from "node:crypto";

interface Held {
  readonly clientId: string;
  readonly subject: string;
}

/** What a refresh token was good for, and the one that takes its place. */
export interface UsedRefreshToken {
  readonly subject: string;
  readonly refreshToken: string;
}

/** Refresh tokens in memory; the oldest are forgotten beyond a limit. */
export interface RefreshTokens {
  /** Whether each is good for one use, and the next comes with the answer. */
  rotates: boolean;
  issue(clientId: string, subject: string): string;
  /** Undefined for one that is not known, was used up, or is another client's. */
  use(token: string, clientId: string): UsedRefreshToken | undefined;
  revokeAll(): void;
}

const limit = 10_000;

export function createRefreshTokens(): RefreshTokens {
  const held = new Map<string, Held>();
  const issue = (clientId: string, subject: string): string => {
    const token = randomBytes(32).toString("base64url");
    held.set(token, { clientId, subject });
    const oldest = held.keys().next().value;
    if (held.size > limit && oldest !== undefined) held.delete(oldest);
    return token;
  };
  return {
    rotates: false,
    issue,
    use(token, clientId) {
      const found = held.get(token);
      if (found === undefined || found.clientId !== clientId) return undefined;
      const { subject } = found;
      if (!this.rotates) return { subject, refreshToken: token };
      held.delete(token);
      return { subject, refreshToken: issue(clientId, subject) };
    },
    revokeAll: () => held.clear(),
  };
}
