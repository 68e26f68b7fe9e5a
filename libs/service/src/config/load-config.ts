import { ConfigError, HelpRequested } from "./config-error.ts";
import { readFlags } from "./go-flags.ts";
import type { ConfigOf, Option, Schema } from "./option.ts";
import { suggestion } from "./suggestion.ts";

/** Says what is wrong with values that are fine one by one but not together. */
export type ConfigCheck<S extends Schema> = (config: ConfigOf<S>) => readonly string[];

/** The values of a schema from flags, then variables, then defaults. Throws one error with all mistakes. */
export function loadConfig<S extends Schema>(
  schema: S,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  check?: ConfigCheck<S>,
): ConfigOf<S> {
  return parseConfig(schema, argv, env, check).config;
}

/** Like `loadConfig`; tells also which words behind the flags had no effect. */
export function parseConfig<S extends Schema>(
  schema: S,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  check?: ConfigCheck<S>,
): { config: ConfigOf<S>; ignored: readonly string[] } {
  const options = new Map(Object.values(schema).map((option) => [option.name, option]));
  const given = readFlags(argv, (name) => {
    const kind = options.get(name)?.kind;
    return kind === undefined || kind === "boolean" ? kind : "valued";
  });
  if (given.help) throw new HelpRequested("help requested");

  const mistakes = given.mistakes.map((mistake) => mistake + suggestion(mistake, [...options.keys()]));
  let usage = mistakes.length > 0;
  const values = new Map<string, unknown>();
  const named = new Set<string>();

  const take = (option: Option<unknown>, source: string, text: string): boolean => {
    const reading = option.read(text);
    if ("value" in reading) {
      values.set(option.name, reading.value);
      return true;
    }
    mistakes.push(`${source}${shown(option, text)} ${reading.mistake}`);
    return !reading.syntax;
  };

  for (const { name, text } of given.flags) {
    const option = options.get(name);
    if (option === undefined) continue;
    named.add(name);
    if (!take(option, `--${name}`, text)) usage = true;
  }
  for (const option of options.values()) {
    if (named.has(option.name)) continue;
    // A variable that is set to nothing is as good as unset: that is how manifests switch one off.
    const variable = option.environment.find((name) => env[name] !== undefined && env[name] !== "");
    if (variable !== undefined) {
      const text = env[variable] ?? "";
      if (!(option.lenientEnvironment && "mistake" in option.read(text))) take(option, variable, text);
    } else if (option.required) mistakes.push(missing(option));
  }
  const config = Object.fromEntries(
    Object.entries(schema).map(([key, option]) => [
      key,
      values.has(option.name) ? values.get(option.name) : option.defaultValue,
    ]),
  ) as ConfigOf<S>;
  if (mistakes.length === 0) mistakes.push(...sharedPorts(schema, config), ...(check?.(config) ?? []));
  if (mistakes.length > 0) throw new ConfigError(mistakes, { usage });
  return { config, ignored: given.ignored };
}

/** The refused value, cut short and without what may be a password. */
function shown(option: Option<unknown>, text: string): string {
  if (option.kind === "secret") return "";
  const harmless = text.replace(/\/\/[^/@\s]*@/g, "//…@");
  return `=${JSON.stringify(harmless.length > 80 ? `${harmless.slice(0, 79)}…` : harmless)}`;
}

/** A port can be opened once; found here, it is not taken for somebody else's. */
function sharedPorts<S extends Schema>(schema: S, config: ConfigOf<S>): string[] {
  const names = new Map<unknown, string[]>();
  for (const [key, option] of Object.entries(schema)) {
    const value = config[key as keyof S];
    if (option.kind === "port" && value !== 0) names.set(value, [...(names.get(value) ?? []), `--${option.name}`]);
  }
  return [...names].flatMap(([value, flags]) => (flags.length > 1 ? [`${flags.join(" and ")} are both ${value}`] : []));
}

function missing(option: Option<unknown>): string {
  return `--${option.name} or ${option.environment.join(" or ")} is required: ${option.allowed}`;
}
