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
}

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
    if (this.#expired.has(token)) return undefined;
    const fixed = this.#table.get(token);
    if (fixed) return fixed;
    const issued = this.#issued.get(token);
    if (!issued || issued.expiresAt <= this.#now()) return undefined;
    const account = this.#store.get("/serviceaccounts", issued.account.key);
    return account?.object.metadata.uid === issued.account.uid ? issued.user : undefined;
  }

  /** A new token for a ServiceAccount; undefined when there is no such account. */
  issue(namespace: string, name: string, seconds: number): { token: string; expiresAt: number } | undefined {
    const key = keyOf(namespace, name);
    const uid = fieldsAt(this.#store.get("/serviceaccounts", key)?.object, "metadata")?.["uid"] as string | undefined;
    if (uid === undefined) return undefined;
    const userName = `system:serviceaccount:${namespace}:${name}`;
    const token = `sa.${randomBytes(32).toString("base64url")}`;
    const expiresAt = this.#now() + seconds * 1000;
    const user = authenticated(userName, serviceAccountGroups(userName), uid);
    this.#issued.set(token, { user, expiresAt, account: { key, uid } });
    return { token, expiresAt };
  }
}

/** `system:serviceaccount:ns:name` belongs to the groups of all and of its namespace's accounts. */
export function serviceAccountGroups(name: string): string[] {
  const namespace = /^system:serviceaccount:([^:]+):[^:]+$/.exec(name)?.[1];
  return namespace ? ["system:serviceaccounts", `system:serviceaccounts:${namespace}`] : [];
}
