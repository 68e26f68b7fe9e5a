/** Who makes a request. */
export interface User {
  name: string;
  uid?: string;
  groups: readonly string[];
  extra?: Record<string, string[]>;
}

export const anonymous: User = { name: "system:anonymous", groups: ["system:unauthenticated"] };

/** A user of the token table, with the group everybody has who proved to be somebody. */
export function authenticated(name: string, groups: readonly string[] = [], uid?: string): User {
  const all = groups.includes("system:authenticated") ? groups : [...groups, "system:authenticated"];
  return { name, groups: all, ...(uid && { uid }) };
}
