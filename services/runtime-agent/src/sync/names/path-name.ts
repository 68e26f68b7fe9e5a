import { createHash } from "node:crypto";

const longest = 57;

/**
 * The path segment under which the Application Gateway serves a bundle or an API. The cut comes before the leading dash
 * goes, so that such names are one shorter, and a cut can leave a dash at the end. May be empty.
 */
export function pathName(name: string): string {
  const dashed = name.replace(/[^A-Za-z0-9]+/gu, "-").toLowerCase();
  const ended = dashed.endsWith("-") ? dashed.slice(0, -1) : dashed;
  return withoutDash(ended.slice(0, longest));
}

/** The technical name of a service. */
export const serviceName = (name: string, id: string): string => withoutDash(`${pathName(name)}-${shortHash(id)}`);

/** Tells things of one name apart. */
export const shortHash = (id: string): string => createHash("sha1").update(id).digest("hex").slice(0, 5);

const withoutDash = (text: string): string => (text.startsWith("-") ? text.slice(1) : text);
