import { formatGoDuration, parseGoBoolean, parseGoDecimal, parseGoDuration, parseGoInteger } from "./go-values.ts";
import { type Option, type OptionSettings, type OptionShape, option } from "./option.ts";

/** Bounds in the unit in which the option is typed; for durations a Go duration or milliseconds. */
export interface Bounded<B = number> {
  min?: B;
  max?: B;
}

export function text(
  name: string,
  defaultValue: string,
  description: string,
  settings?: OptionSettings<string>,
): Option<string> {
  const shape = { kind: "text", placeholder: "text", allowed: "a text", defaultText: defaultValue } as const;
  return option(name, defaultValue, description, { ...shape, parse: (given) => given }, settings);
}

/** A text that no message, help or table ever shows. */
export function secret(
  name: string,
  defaultValue: string,
  description: string,
  settings?: OptionSettings<string>,
): Option<string> {
  const shape = { kind: "secret", placeholder: "secret", allowed: "a secret text" } as const;
  const defaultText = defaultValue === "" ? "" : "(hidden)";
  return option(name, defaultValue, description, { ...shape, defaultText, parse: (given) => given }, settings);
}

export function integer(
  name: string,
  defaultValue: number,
  description: string,
  settings: OptionSettings<number> & Bounded = {},
): Option<number> {
  const shape = { kind: "integer", placeholder: "number", what: "a whole number", parse: parseGoInteger } as const;
  return bounded(name, defaultValue, description, shape, settings);
}

/** A number that need not be whole. */
export function decimal(
  name: string,
  defaultValue: number,
  description: string,
  settings: OptionSettings<number> & Bounded = {},
): Option<number> {
  const shape = {
    kind: "decimal",
    placeholder: "number",
    what: "a number such as 0.3",
    parse: parseGoDecimal,
  } as const;
  return bounded(name, defaultValue, description, shape, settings);
}

/** A port to listen on; 0 lets the system choose one. */
export function port(
  name: string,
  defaultValue: number,
  description: string,
  settings: OptionSettings<number> & Bounded = {},
): Option<number> {
  const shape = { kind: "port", placeholder: "port", what: "a port number", parse: parseGoInteger } as const;
  return bounded(name, defaultValue, description, shape, { min: 0, max: 65_535, ...settings });
}

/** A number written as it is, between bounds; `what` says what is allowed. */
function bounded(
  name: string,
  defaultValue: number,
  description: string,
  { what, ...shape }: Pick<OptionShape<number>, "kind" | "placeholder" | "parse"> & { readonly what: string },
  settings: OptionSettings<number> & Bounded,
): Option<number> {
  const { min, max } = settings;
  const whole = {
    ...shape,
    allowed: what + range(min, max),
    defaultText: String(defaultValue),
    accepts: within(min, max),
  };
  return option(name, defaultValue, description, whole, settings);
}

/** Typed as whole seconds, default and bounds too; the value is in milliseconds. */
export function seconds(
  name: string,
  defaultValue: number,
  description: string,
  settings: OptionSettings<number> & Bounded = {},
): Option<number> {
  const { min = 0, max = Math.floor(longestTimerMs / 1000) } = settings;
  const accepts = within(min * 1000, max * 1000);
  const shape = {
    kind: "seconds",
    placeholder: "seconds",
    allowed: `a whole number of seconds${range(min, settings.max)}`,
    defaultText: String(defaultValue),
    parse: (given: string) => {
      const count = parseGoInteger(given);
      return count === undefined ? undefined : count * 1000;
    },
    accepts,
  } as const;
  return option(name, defaultValue * 1000, description, shape, settings);
}

/** Typed as a Go duration; the value is in milliseconds. */
export function duration(
  name: string,
  defaultValue: string | number,
  description: string,
  settings: OptionSettings<number> & Bounded<string | number> = {},
): Option<number> {
  const defaultMs = inMs(defaultValue);
  const [min, max] = [inMs(settings.min ?? 0), settings.max === undefined ? undefined : inMs(settings.max)];
  const shape = {
    kind: "duration",
    placeholder: "duration",
    allowed: `a duration such as 45s or 1m30s${range(formatGoDuration(min), max === undefined ? max : formatGoDuration(max))}`,
    defaultText: formatGoDuration(defaultMs),
    parse: parseGoDuration,
    accepts: within(min, max ?? longestTimerMs),
  } as const;
  return option(name, defaultMs, description, shape, settings);
}

/** On by `-name`, off by `-name=false`. */
export function flag(
  name: string,
  defaultValue: boolean,
  description: string,
  settings?: OptionSettings<boolean>,
): Option<boolean> {
  const shape = {
    kind: "boolean",
    placeholder: "",
    allowed: "true or false",
    defaultText: String(defaultValue),
    parse: parseGoBoolean,
  } as const;
  return option(name, defaultValue, description, shape, settings);
}

/** One of a few words; an unknown word is a value that is read and refused. */
export function choice<const V extends string>(
  name: string,
  defaultValue: NoInfer<V>,
  description: string,
  settings: OptionSettings<V> & { values: readonly V[] },
): Option<V> {
  const shape = {
    kind: "choice",
    placeholder: settings.values.join("|"),
    allowed: `one of ${settings.values.join(", ")}`,
    defaultText: defaultValue,
    parse: (given: string) => given as V,
    accepts: (value: V) => settings.values.includes(value),
  } as const;
  return option(name, defaultValue, description, shape, settings);
}

/** Words separated by commas; spaces around them and empty ones do not count. */
export function list(
  name: string,
  defaultValue: readonly string[] | string,
  description: string,
  settings?: OptionSettings<readonly string[]>,
): Option<readonly string[]> {
  const words = typeof defaultValue === "string" ? split(defaultValue) : defaultValue;
  const shape = {
    kind: "list",
    placeholder: "a,b,…",
    allowed: "a list separated by commas",
    defaultText: words.join(","),
    parse: split,
  } as const;
  return option(name, words, description, shape, settings);
}

/** Node's timers run at once, not later, beyond this. */
const longestTimerMs = 2 ** 31 - 1;

const split = (given: string): readonly string[] =>
  given
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");

const within =
  (min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY) =>
  (value: number): boolean =>
    value >= min && value <= max;

function range(min: number | string | undefined, max: number | string | undefined): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return `, at least ${min}`;
  return max === undefined ? "" : `, at most ${max}`;
}

function inMs(value: string | number): number {
  const ms = typeof value === "number" ? value : parseGoDuration(value);
  if (ms === undefined) throw new TypeError(`${value} is no duration`);
  return ms;
}
