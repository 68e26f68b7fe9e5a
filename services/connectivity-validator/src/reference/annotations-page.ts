import { schema } from "../config.ts";
import { settingNames } from "../policy/settings.ts";

const prefix = schema.annotationPrefix.defaultText;

/** What the annotations of an Application may say, as a reference page. */
export function annotationsPage(remedy: string): string {
  const rows = settingNames.map(({ name, expected, meaning }) => `| \`${name}\` | ${expected} | ${meaning} |`);
  return `# Annotations of an Application for the Connectivity Validator

Generated from the program's declaration; ${remedy} after a change. An annotation is \`${prefix}/\` (or what
\`--annotationPrefix\` says) followed by one of the names below. It applies to events that come after it, within a second.

A value that cannot be read changes nothing: what the annotation said before goes on to count, and where it said nothing yet,
it restricts as much as it can, so that a slip does not open what it was to close. An Event of the Application and the metric
\`connectivity_validator_annotation_mistakes\` tell.

| Annotation | Allowed | Meaning |
|---|---|---|
${rows.join("\n")}
`;
}
