import { annotationPrefix } from "./read-settings.ts";
import type { Setting } from "./setting.ts";
import { settings } from "./settings.ts";

/** What annotations may say, as a reference page. */
export function settingsPage(remedy: string): string {
  return `# Annotations of an Application for the Application Gateway

Generated from the program's declaration; ${remedy} after a change. An annotation is \`${annotationPrefix}\`
followed by one of the names below, and holds for all APIs of its Application. It can be narrower, and the narrowest wins:

| Annotation | Holds for |
|---|---|
| \`${annotationPrefix}response-timeout\` | all APIs of the Application |
| \`${annotationPrefix}response-timeout.orders\` | those below \`/{application}/orders\` |
| \`${annotationPrefix}response-timeout.orders.v1\` | the one at \`/{application}/orders/v1\` of the bundle port |

Service and entry are written as they stand in the path of a call. Kubernetes allows 63 characters behind the prefix; where
name, service and entry together are longer, what is beyond is left off, and so are dashes and dots at the end then.

A value that is not allowed is ignored, and so is an annotation that names no setting or no API: what holds is as without
it, and the mistake is reported. In a list only the words that are not allowed are left out; the list stands, so that a slip
does not open what it was to restrict. A change applies to the calls that begin after it, within a second.

${table().trim()}
`;
}

function table(): string {
  const all: readonly Setting<unknown>[] = Object.values(settings);
  return [
    "| Annotation | Without it | Allowed | Meaning |",
    "|---|---|---|---|",
    ...all.map(({ name, otherwise, allowed, description }) => {
      const shown = /^--/.test(otherwise) ? `\`${otherwise}\`` : otherwise;
      return `| ${[`\`${name}\``, shown, allowed, description].map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    }),
    "",
  ].join("\n");
}
