/** Which headers don't pass; names in lower case. One that ends in `*` stands for all that begin like it. */
export interface HeaderRulesInput {
  readonly denied: readonly string[];
  /** Undefined: all that are not denied. */
  readonly allowed?: readonly string[] | undefined;
}

/** The headers that say what a body is: without them it can't be read, so an allow list need not name them. */
const ofTheBody = ["content-type", "content-encoding", "content-length"];

/** The names that are dropped, as a set: the way in which the engine asks. */
export class HeaderRules extends Set<string> {
  readonly #denied: readonly string[];
  readonly #allowed: { readonly names: ReadonlySet<string>; readonly prefixes: readonly string[] } | undefined;

  constructor({ denied, allowed }: HeaderRulesInput) {
    super(denied.filter((name) => !name.endsWith("*")));
    this.#denied = prefixesOf(denied);
    this.#allowed = allowed && { names: new Set([...allowed, ...ofTheBody]), prefixes: prefixesOf(allowed) };
  }

  override has(name: string): boolean {
    if (super.has(name) || this.#denied.some((prefix) => name.startsWith(prefix))) return true;
    if (this.#allowed === undefined) return false;
    return !this.#allowed.names.has(name) && !this.#allowed.prefixes.some((prefix) => name.startsWith(prefix));
  }
}

function prefixesOf(names: readonly string[]): string[] {
  return names.filter((name) => name.endsWith("*")).map((name) => name.slice(0, -1));
}

/** Takes headers that don't pass out of a flat list, but never its framing. */
export function dropHeaders(headers: string[], rules: HeaderRules): void {
  let kept = 0;
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase();
    if (name !== "content-length" && rules.has(name)) continue;
    headers[kept] = headers[i] as string;
    headers[kept + 1] = headers[i + 1] as string;
    kept += 2;
  }
  headers.length = kept;
}

const known = new Map<string, ReadonlySet<string>>();
const mostKnown = 1_000;

/** The same object for the same rules: thousands of APIs differ in a handful of ways only. */
export function droppedHeaders({ denied, allowed }: HeaderRulesInput): ReadonlySet<string> {
  const key = JSON.stringify([[...denied].sort(), allowed && [...allowed].sort()]);
  const found = known.get(key) ?? make(denied, allowed);
  if (known.size >= mostKnown) known.clear();
  known.set(key, found);
  return found;
}

/** A plain set where that does. */
function make(denied: readonly string[], allowed: readonly string[] | undefined): ReadonlySet<string> {
  const isPlain = allowed === undefined && !denied.some((name) => name.endsWith("*"));
  return isPlain ? new Set(denied) : new HeaderRules({ denied, allowed });
}

/** The rules for responses; undefined where everything passes, which costs nothing then. */
export function responseRules(
  denied: readonly string[] = [],
  allowed: readonly string[] | undefined = undefined,
): HeaderRules | undefined {
  return denied.length === 0 && allowed === undefined ? undefined : new HeaderRules({ denied, allowed });
}
