import type { Option, Schema } from "./option.ts";

const width = 100;
const indent = 6;

/** The text of `--help`, from the same declaration that parses. */
export function helpText(program: { name: string; description: string }, schema: Schema): string {
  return [
    `${program.name}: ${program.description}`,
    "",
    "Usage",
    `  ${program.name} [flags]`,
    "",
    "Flags are written -name=value, --name=value or --name value; switches also -name.",
    "Each one may be given as a variable instead; a flag wins over its variable, and an empty variable is unset.",
    "",
    "Flags",
    ...Object.values(schema).flatMap(flagLines),
    "  --help",
    `${" ".repeat(indent)}Print this text`,
    "",
  ].join("\n");
}

function flagLines(option: Option<unknown>): string[] {
  const value = option.kind === "boolean" ? "[=true|false]" : ` <${option.placeholder}>`;
  const facts = [
    option.required ? "required" : `default ${option.defaultText === "" ? "empty" : option.defaultText}`,
    ...(statesMore(option) ? [option.allowed] : []),
    `env ${option.environment.join(" or ")}`,
  ];
  return [`  --${option.name}${value}`, ...wrap(option.description), ...wrap(`(${facts.join("; ")})`)];
}

/** Whether what is allowed says more than the placeholder does. */
function statesMore({ kind, allowed }: Option<unknown>): boolean {
  return (kind === "integer" || kind === "decimal" || kind === "seconds") && /\d/.test(allowed);
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && indent + line.length + 1 + word.length > width) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => " ".repeat(indent) + each);
}
