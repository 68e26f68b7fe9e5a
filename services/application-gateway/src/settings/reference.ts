import type { Setting } from "./setting.ts";
import { settings } from "./settings.ts";

/** All settings as a Markdown table for their reference page. */
export function settingsTable(): string {
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
