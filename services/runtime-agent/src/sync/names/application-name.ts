const prefix = "mp-";

/**
 * The name of the Application for a name of the Director, by the rule of UCL and of every agent before: events are sent to
 * URLs that contain it, so each byte counts. May be no name that Kubernetes takes.
 */
export function normaliseApplicationName(name: string): string {
  return name.startsWith(prefix) && normalise(name) === name ? name : normalise(prefix + name);
}

function normalise(name: string): string {
  const dashed = lower(name)
    .replace(/[^a-z0-9-]/gu, "-")
    .replace(/-+/g, "-");
  return dashed.endsWith("-") ? dashed.slice(0, -1) : dashed;
}

/** Code point by code point, as Go does it: JavaScript makes two characters of a dotted capital I. */
function lower(text: string): string {
  return text.replaceAll("\u0130", "i").toLowerCase();
}

/** UCL has normalised names already when the runtime's label says so, by exactly this text. */
export function namesAreNormalised(runtimeLabels: Readonly<Record<string, unknown>>): boolean {
  return runtimeLabels["isNormalized"] === "true";
}

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const longestName = 253;

/** What is wrong with it as the name of an object, or undefined. */
export function nameProblem(name: string): string | undefined {
  if (name.length > longestName) return `it is ${name.length} characters long, of which ${longestName} are allowed`;
  return subdomain.test(name) ? undefined : "it is no DNS-1123 subdomain (a-z, 0-9, - and . only)";
}
