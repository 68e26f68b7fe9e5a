import { isFields } from "../json.ts";

type Step = (values: readonly unknown[]) => unknown[];

const token = /\.\.?([A-Za-z_][\w-]*(?:\\\.[\w/-]+)*|\*)|\[\s*(\?\([^)]*\)|\*|-?\d+|'[^']*'|"[^"]*")\s*\]/gy;
const filter = /^\?\(\s*@((?:\.[\w-]+)+)\s*(==|!=)\s*(?:"([^"]*)"|'([^']*)'|([^\s"')]+))\s*\)$/;

/** Compiles the JSONPath of a printer column: fields, indices, `[*]` and `[?(@.type=="Ready")]`. */
export function jsonPath(path: string): (root: unknown) => unknown[] {
  const steps: Step[] = [];
  const tokens = new RegExp(token); // one of its own: a filter compiles a path inside a path
  const text = path.startsWith(".") || path.startsWith("[") ? path : `.${path}`;
  while (tokens.lastIndex < text.length) {
    const start = tokens.lastIndex;
    const match = tokens.exec(text);
    if (!match) throw new Error(`cannot read JSONPath ${path} at ${text.slice(start)}`);
    steps.push(step(match[1]?.replaceAll("\\.", ".") ?? (match[2] as string), match[1] !== undefined));
  }
  return (root) => steps.reduce<unknown[]>((values, next) => next(values), [root]);
}

function step(text: string, isField: boolean): Step {
  if (text === "*")
    return (values) =>
      values.flatMap((value) => (isFields(value) ? Object.values(value) : Array.isArray(value) ? value : []));
  if (isField) return field(text);
  const condition = filter.exec(text);
  if (condition) return filtered(condition);
  if (/^['"]/.test(text)) return field(text.slice(1, -1));
  return (values) => values.flatMap((value) => (Array.isArray(value) ? present(value.at(Number(text))) : []));
}

const present = (value: unknown) => (value === undefined ? [] : [value]);

const field =
  (key: string): Step =>
  (values) =>
    values.flatMap((value) => (isFields(value) ? present(value[key]) : []));

function filtered([, path, operator, ...literals]: RegExpExecArray): Step {
  const wanted = literals.find((literal) => literal !== undefined);
  const read = jsonPath(path as string);
  return (values) =>
    values.flatMap((value) =>
      Array.isArray(value) ? value.filter((item) => (String(read(item)[0]) === wanted) === (operator === "==")) : [],
    );
}
