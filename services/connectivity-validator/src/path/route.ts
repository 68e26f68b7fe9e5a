/** The kinds of event path. */
export type Route = "v1" | "v2" | "events";

/** Where the event paths of an Application begin, the placeholder already replaced by its name. */
export interface PathPrefixes {
  readonly v1: string;
  readonly v2: string;
  readonly events: string;
}

export function prefixesOf(name: string, templates: PathPrefixes, placeholder: string): PathPrefixes {
  // An empty placeholder means that the prefixes are literal; replacing "" would put the name between all characters.
  const fill = (template: string) => (placeholder === "" ? template : template.split(placeholder).join(name));
  return { v1: fill(templates.v1), v2: fill(templates.v2), events: fill(templates.events) };
}

/** The first prefix that covers the path, in upstream's order. */
export function chooseRoute(decodedPath: string, prefixes: PathPrefixes): Route | undefined {
  if (covers(prefixes.v1, decodedPath)) return "v1";
  if (covers(prefixes.v2, decodedPath)) return "v2";
  if (covers(prefixes.events, decodedPath)) return "events";
  return undefined;
}

/** The one path below the legacy prefix that is asked and not sent to: which types somebody waits for. */
export function isSubscribedPath(decodedPath: string, { v1 }: PathPrefixes): boolean {
  const rest = decodedPath.slice(v1.length);
  return rest === "/subscribed" || (v1.endsWith("/") && rest === "subscribed");
}

/** A prefix covers whole segments only: `/app/events` covers `/app/events/x`, but not `/app/eventsXYZ` (D-06). */
function covers(prefix: string, path: string): boolean {
  return (
    path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === "/" || prefix.endsWith("/"))
  );
}
