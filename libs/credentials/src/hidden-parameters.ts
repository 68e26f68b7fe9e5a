import { escapeForm, unescapeForm } from "./query.ts";

/** What the gateway has put into a query, and nobody but the target may see. Byte strings. */
export interface HiddenParameters {
  readonly names: readonly string[];
  /** Found wherever they stand. Of short ones only the names count: they stand everywhere. */
  readonly values: readonly string[];
}

const shortestValue = 8;
/** A URL within a parameter of a URL, and so on; what is deeper is taken out whole. */
const deepest = 4;

/**
 * A URL that the target tells without what was added to its query, also where it stands in the URL of a parameter
 * (`/login?next=%2Forders%3Fkey%3D…`); all other bytes stay. Undefined for one that tells a hidden value outside of its query.
 */
export function hideParameters(url: string, { names, values }: HiddenParameters): string | undefined {
  const hidden = new Set(names);
  const secrets = secretsIn(values);
  const shown = withoutPairs(url, (pair) => shownPair(pair, hidden, secrets, 0));
  return holds(shown, secrets) ? undefined : shown;
}

/** Whether a text, whatever it is, tells a hidden value. */
export function tellsHidden(text: string, { values }: Pick<HiddenParameters, "values">): boolean {
  return holds(text, secretsIn(values));
}

function secretsIn(values: readonly string[]): readonly string[] {
  return values.filter(({ length }) => length >= shortestValue).map((value) => value.replaceAll(" ", "+"));
}

type Show = (pair: string) => string | undefined;

/** Fragments of applications in browsers have queries too. */
function withoutPairs(url: string, show: Show): string {
  const hash = url.indexOf("#");
  if (hash < 0) return withoutQueryPairs(url, show);
  const fragment = url.slice(hash + 1);
  const isQuery = !fragment.includes("?") && fragment.includes("=");
  const shown = isQuery ? pairsOf(fragment, show) : withoutQueryPairs(fragment, show);
  return `${withoutQueryPairs(url.slice(0, hash), show)}#${shown}`;
}

function withoutQueryPairs(text: string, show: Show): string {
  const question = text.indexOf("?");
  if (question < 0) return text;
  const query = text.slice(question + 1);
  const kept = pairsOf(query, show);
  return kept === "" && query !== "" ? text.slice(0, question) : `${text.slice(0, question)}?${kept}`;
}

function pairsOf(query: string, show: Show): string {
  const shown = query.split("&").map(show);
  return shown.filter((pair) => pair !== undefined).join("&");
}

function shownPair(
  pair: string,
  names: ReadonlySet<string>,
  secrets: readonly string[],
  depth: number,
): string | undefined {
  const equals = pair.indexOf("=");
  const name = equals < 0 ? pair : pair.slice(0, equals);
  if (names.has(unescapeForm(name) ?? name)) return undefined;
  const value = pair.slice(equals + 1);
  const inner = unescapeForm(value);
  if (inner === undefined || !/[=%]/.test(inner)) return holds(pair, secrets) ? undefined : pair;
  if (depth === deepest) return undefined;
  const show: Show = (nested) => shownPair(nested, names, secrets, depth + 1);
  const shown = /[?#]/.test(inner) ? withoutPairs(inner, show) : pairsOf(inner, show);
  const kept = shown === inner ? pair : pair.slice(0, equals + 1) + escapeForm(shown);
  return holds(kept, secrets) ? undefined : kept;
}

/** Whether a value stands in a text, however often it was escaped. */
function holds(text: string, secrets: readonly string[]): boolean {
  if (secrets.length === 0) return false;
  for (let depth = 0, at = text; depth <= deepest; depth++) {
    // A plus may be a space.
    const plus = at.replaceAll(" ", "+");
    if (secrets.some((secret) => plus.includes(secret))) return true;
    const next = at.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    if (next === at) return false;
    at = next;
  }
  return false;
}
