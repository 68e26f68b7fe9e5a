import { environmentName } from "./environment-name.ts";

export type OptionKind =
  | "text"
  | "secret"
  | "integer"
  | "decimal"
  | "port"
  | "seconds"
  | "duration"
  | "boolean"
  | "choice"
  | "list";

/** What a text turned out to be. `syntax` tells a value that cannot be read from one that is read and refused. */
export type Reading<T> = { value: T } | { mistake: string; syntax: boolean };

/** One setting of a program, declared once: read, explained and typed from here. */
export interface Option<out T> {
  readonly name: string;
  readonly kind: OptionKind;
  readonly description: string;
  /** What stands for the value in the help, such as `port`. */
  readonly placeholder: string;
  /** What is allowed, to follow "must be". */
  readonly allowed: string;
  /** The variables that are looked at, the first one set wins. */
  readonly environment: readonly string[];
  readonly defaultValue: T;
  /** The default as one would type it; empty when there is none. */
  readonly defaultText: string;
  readonly required: boolean;
  /** Whether an unacceptable variable counts as absent, as some of upstream's do. */
  readonly lenientEnvironment: boolean;
  read(text: string): Reading<T>;
}

export type Schema = Readonly<Record<string, Option<unknown>>>;

/** The values of a schema. */
export type ConfigOf<S extends Schema> = { readonly [K in keyof S]: S[K] extends Option<infer T> ? T : never };

export interface OptionSettings<T> {
  /** Variables besides `APP_<NAME>`, looked at first. */
  env?: string | readonly string[];
  /** There is no default: a value has to be given. */
  required?: boolean;
  /** An unacceptable value of a variable is as if it were not set. */
  lenientEnvironment?: boolean;
  /** Says what is wrong with a value, or undefined. */
  check?: (value: T) => string | undefined;
}

/** The parts in which the kinds of option differ. */
export interface OptionShape<T> {
  kind: OptionKind;
  placeholder: string;
  allowed: string;
  defaultText: string;
  /** Undefined: the text cannot be read at all. */
  parse: (text: string) => T | undefined;
  /** Whether a value that could be read is allowed. */
  accepts?: (value: T) => boolean;
}

export function option<T>(
  name: string,
  defaultValue: T,
  description: string,
  shape: OptionShape<T>,
  settings: OptionSettings<T> = {},
): Option<T> {
  const ownName = environmentName(name);
  const otherNames = [settings.env ?? []].flat().filter((other) => other !== ownName);
  const wrong = (syntax: boolean): Reading<T> => ({ mistake: `must be ${shape.allowed}`, syntax });
  return {
    name,
    kind: shape.kind,
    description,
    placeholder: shape.placeholder,
    allowed: shape.allowed,
    environment: [...otherNames, ownName],
    defaultValue,
    defaultText: shape.defaultText,
    required: settings.required ?? false,
    lenientEnvironment: settings.lenientEnvironment ?? false,
    read(text) {
      const value = shape.parse(text);
      if (value === undefined) return wrong(true);
      if (shape.accepts?.(value) === false) return wrong(false);
      const mistake = settings.check?.(value);
      return mistake === undefined ? { value } : { mistake, syntax: false };
    },
  };
}
