/** A value of the settings: `@{gateway.image}`; `@{=…}` its text, whatever its type; `@{*imagePullSecrets}` one of a list. */
const placeholder = /@\{=?([\w.]+)\}/g;
const wholePlaceholder = /^@\{([\w.]+)\}$/;
const eachPlaceholder = /@\{\*([\w.]+)\}/;

type Json = unknown;

/**
 * The template with its placeholders replaced by values of `settings`. A placeholder that is a whole text becomes the value
 * with its type; an element of a list that names a list is repeated for each of its values. What is absent or empty is
 * left out, and so is what is empty without it: as Helm's `with` does it.
 */
export function fill(template: Json, settings: object): Json {
  if (typeof template === "string") return fillText(template, settings);
  if (Array.isArray(template)) return fillList(template, settings);
  if (typeof template !== "object" || template === null) return template;
  const entries = Object.entries(template);
  const filled = entries.flatMap(([name, value]) => kept(value, fill(value, settings), (result) => [name, result]));
  return Object.fromEntries(filled);
}

/** Values at a dotted path, such as `ingress.mode`. */
export function valueAt(settings: object, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], settings);
}

export function isAbsent(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function fillText(text: string, settings: object): Json {
  const whole = wholePlaceholder.exec(text)?.[1];
  if (whole !== undefined) return structuredClone(valueAt(settings, whole));
  const values: unknown[] = [];
  const filled = text.replace(placeholder, (_, path: string) => {
    const value = valueAt(settings, path);
    values.push(value);
    return String(value);
  });
  return values.some(isAbsent) ? undefined : filled;
}

function fillList(template: readonly Json[], settings: object): Json {
  return template.flatMap((element) => {
    const list = listNamedIn(element);
    if (list === undefined) return kept(element, fill(element, settings), (result) => result);
    const values = (valueAt(settings, list) ?? []) as readonly unknown[];
    return values.map((value) => fill(each(element, list, value), settings));
  });
}

/** The list that an element is repeated for. A list within the element repeats its own. */
function listNamedIn(element: Json): string | undefined {
  if (typeof element === "string") return eachPlaceholder.exec(element)?.[1];
  if (typeof element !== "object" || element === null || Array.isArray(element)) return undefined;
  return Object.values(element)
    .map(listNamedIn)
    .find((list) => list !== undefined);
}

/** The element for one value of a list. */
function each(element: Json, list: string, value: unknown): Json {
  const whole = `@{*${list}}`;
  if (element === whole) return value;
  if (typeof element === "string") return element.replaceAll(whole, String(value));
  if (Array.isArray(element)) return element.map((one) => each(one, list, value));
  if (typeof element !== "object" || element === null) return element;
  return Object.fromEntries(Object.entries(element).map(([name, one]) => [name, each(one, list, value)]));
}

/** Nothing for what became empty by being filled; what is empty in the template means to be. */
function kept<Result>(template: Json, filled: Json, as: (filled: Json) => Result): Result[] {
  const changed = typeof template === "string" ? template.includes("@{") : !isAbsent(template);
  return changed && isAbsent(filled) ? [] : [as(filled)];
}
