import type { ChartValue, JsonSchema } from "./values-schema.ts";

/** The reference page of the chart's values. */
export function valuesPage(values: readonly ChartValue[], schema: JsonSchema): string {
  const rows = values.map(({ path, byDefault, comment }) => {
    const allowed = allowedIn(schemaAt(schema, path.split(".")));
    const shown = byDefault === undefined ? "" : `\`${JSON.stringify(byDefault)}\``;
    return `| \`${path}\` | ${shown} | ${allowed} | ${comment.replaceAll("|", "\\|")} |`;
  });
  return `# Values of the chart application-connector

Generated from charts/application-connector/values.yaml; run \`npm run generate\` after a change. A value of the wrong kind, or one
that is not listed within a section, is refused by \`helm\` with its path.

| Value | Default | Allowed | Meaning |
|---|---|---|---|
${rows.join("\n")}
`;
}

function schemaAt(schema: JsonSchema, [name, ...rest]: readonly string[]): JsonSchema {
  if (name === undefined) return schema;
  const inner = (schema["properties"] as Record<string, JsonSchema> | undefined)?.[name] ?? {};
  return schemaAt(inner, rest);
}

function allowedIn({ enum: values, type, minimum, maximum, properties }: JsonSchema): string {
  if (Array.isArray(values)) return values.map((value) => (value === "" ? "empty" : `\`${value}\``)).join(", ");
  if (properties !== undefined) return "";
  const kinds = [type]
    .flat()
    .filter((kind) => kind !== undefined)
    .join(" or ");
  const bounds = [minimum !== undefined && `from ${minimum}`, maximum !== undefined && `to ${maximum}`].filter(Boolean);
  return [kinds, ...bounds].join(" ");
}
