import type { Option, Schema } from "./option.ts";

/** The flags of a program as a Markdown table for its reference page. */
export function optionsTable(schema: Schema): string {
  return [
    "| Flag | Environment | Default | Allowed | Meaning |",
    "|---|---|---|---|---|",
    ...Object.values(schema).map(row),
    "",
  ].join("\n");
}

function row(option: Option<unknown>): string {
  const cells = [
    code(`--${option.name}`),
    option.environment.map(code).join(", "),
    option.required ? "required" : option.defaultText === "" ? "–" : code(option.defaultText),
    option.allowed,
    option.description,
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
}

const code = (text: string): string => `\`${text}\``;
