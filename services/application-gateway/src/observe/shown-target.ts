import { showUrl } from "@application-connector/credentials";

/** A request target may be a megabyte long; a log needs to tell requests apart, not to keep them. */
const longest = 1024;

/** A request target as it may be shown: without its query, which may hold secrets, and cut short. */
export function shownTarget(target: string): string {
  // In absolute form it may hold a password.
  const url = target.startsWith("/") ? target : showUrl(target);
  const question = url.indexOf("?");
  return url.slice(0, Math.min(question < 0 ? url.length : question, longest));
}
