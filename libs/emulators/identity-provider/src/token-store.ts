import { randomBytes } from "node:crypto";

/** What `expires_in` says; undefined leaves the member out. Odd values are allowed because real servers send them. */
export type ExpiresIn = number | string | undefined;

/** One issued token and the request parameters it was issued for. */
export interface TokenRecord {
  token: string;
  clientId: string;
  /** The user it is for; undefined for a client by itself. */
  subject: string | undefined;
  scope: string | undefined;
  audience: string | undefined;
  resource: string | undefined;
  issuedAt: Date;
  expiresAt: Date;
  revoked: boolean;
}

export interface TokenStore {
  issue(
    grant: Pick<TokenRecord, "clientId" | "subject" | "scope" | "audience" | "resource">,
    expiresIn: ExpiresIn,
  ): TokenRecord;
  find(token: string): TokenRecord | undefined;
  isValid(token: string): boolean;
  list(): TokenRecord[];
  revokeAll(): void;
  clear(): void;
}

/** What a token lives when `expires_in` says nothing usable. */
const fallbackLifetimeS = 300;

/** Opaque random tokens in memory; the oldest are forgotten beyond `limit`. */
export function createTokenStore(limit = 10_000): TokenStore {
  const records = new Map<string, TokenRecord>();
  const isValid = (token: string): boolean => {
    const record = records.get(token);
    return record !== undefined && !record.revoked && record.expiresAt.getTime() > Date.now();
  };
  return {
    issue(grant, expiresIn) {
      const issuedAt = new Date();
      const expiresAt = new Date(issuedAt.getTime() + lifetimeS(expiresIn) * 1000);
      const record: TokenRecord = {
        ...grant,
        token: randomBytes(32).toString("base64url"),
        issuedAt,
        expiresAt,
        revoked: false,
      };
      records.set(record.token, record);
      const oldest = records.keys().next().value;
      if (records.size > limit && oldest !== undefined) records.delete(oldest);
      return record;
    },
    find: (token) => records.get(token),
    isValid,
    list: () => [...records.values()],
    revokeAll() {
      for (const record of records.values()) record.revoked = true;
    },
    clear: () => records.clear(),
  };
}

function lifetimeS(expiresIn: ExpiresIn): number {
  const seconds = Number(expiresIn);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : fallbackLifetimeS;
}
