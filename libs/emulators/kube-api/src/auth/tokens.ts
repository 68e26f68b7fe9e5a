import { randomBytes } from "node:crypto";
import { fieldsAt } from "../json.ts";
import { keyOf } from "../store/entry.ts";
import type { Store } from "../store/store.ts";
import { authenticated, type User } from "./user.ts";

export interface TokenUser {
  token: string;
  name: string;
  groups?: readonly string[];
}

interface Issued {
  user: User;
  expiresAt: number;
  /** The ServiceAccount must still be the one the token was issued for. */
  account: { key: string; uid: string };
  audiences: readonly string[];
}

/** Whom tokens are for when nobody says otherwise: this server. */
export const serverAudience = "https://kubernetes.default.svc";

/** Bearer tokens: a fixed table, and tokens issued for ServiceAccounts. */
export class Tokens {
  readonly #table = new Map<string, User>();
  readonly #issued = new Map<string, Issued>();
  readonly #expired = new Set<string>();
  readonly #store: Store;
  readonly #now: () => number;

  constructor(users: readonly TokenUser[], store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
    for (const user of users) this.add(user);
  }

  add({ token, name, groups }: TokenUser): void {
    this.#expired.delete(token);
    this.#table.set(token, authenticated(name, groups ?? serviceAccountGroups(name)));
  }

  /** From now on the token is unknown: 401. */
  expire(token: string): void {
    this.#expired.add(token);
  }

  find(token: string): User | undefined {
    return this.review(token, [serverAudience])?.user;
  }

  /** Whose token it is, and for which of the audiences that are asked for. */
  review(token: string, asked: readonly string[]): { user: User; audiences: readonly string[] } | undefined {
    if (this.#expired.has(token)) return undefined;
    const fixed = this.#table.get(token);
    const issued = fixed === undefined ? this.#issued.get(token) : undefined;
    const user = fixed ?? (issued && this.#isAlive(issued) ? issued.user : undefined);
    const own = issued?.audiences ?? [serverAudience];
    const audiences = asked.filter((audience) => own.includes(audience));
    return user === undefined || audiences.length === 0 ? undefined : { user, audiences };
  }

  #isAlive({ expiresAt, account }: Issued): boolean {
    if (expiresAt <= this.#now()) return false;
    return this.#store.get("/serviceaccounts", account.key)?.object.metadata.uid === account.uid;
  }

  /** A new token for a ServiceAccount; undefined when there is no such account. */
  issue(
    namespace: string,
    name: string,
    seconds: number,
    audiences: readonly string[] = [serverAudience],
  ): { token: string; expiresAt: number } | undefined {
    const key = keyOf(namespace, name);
    const uid = fieldsAt(this.#store.get("/serviceaccounts", key)?.object, "metadata")?.["uid"] as string | undefined;
    if (uid === undefined) return undefined;
    const userName = `system:serviceaccount:${namespace}:${name}`;
    const expiresAt = this.#now() + seconds * 1000;
    const claims = { aud: audiences, exp: Math.floor(expiresAt / 1000), iss: serverAudience, sub: userName };
    const parts = [{ alg: "RS256", kid: "emulated" }, claims].map((part) => Buffer.from(JSON.stringify(part)));
    // In the shape of a JWT; what makes it valid is that it is remembered here.
    const token = [...parts, randomBytes(32)].map((part) => part.toString("base64url")).join(".");
    const user = authenticated(userName, serviceAccountGroups(userName), uid);
    this.#issued.set(token, { user, expiresAt, account: { key, uid }, audiences });
    return { token, expiresAt };
  }
}

/** `system:serviceaccount:ns:name` belongs to the groups of all and of its namespace's accounts. */
export function serviceAccountGroups(name: string): string[] {
  const namespace = /^system:serviceaccount:([^:]+):[^:]+$/.exec(name)?.[1];
  return namespace ? ["system:serviceaccounts", `system:serviceaccounts:${namespace}`] : [];
}
