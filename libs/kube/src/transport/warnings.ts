import type { Log } from "../log.ts";

const warning = /(\d{3})\s+\S+\s+"((?:[^"\\]|\\.)*)"/g;

/** The texts of `Warning: 299 - "text"` headers (RFC 7234, section 5.5), which the API server uses for deprecations. */
export function readWarnings(header: string | string[] | undefined): string[] {
  if (header === undefined) return [];
  const joined = Array.isArray(header) ? header.join(", ") : header;
  return [...joined.matchAll(warning)]
    .filter(([, code]) => code === "299")
    .map(([, , text = ""]) => text.replaceAll(/\\(.)/g, "$1"));
}

const rememberedTexts = 1000;

/** Logs each text the first time it is seen. */
export function warnOnce(log: Log): (text: string) => void {
  const seen = new Set<string>();
  return (text) => {
    if (seen.has(text) || seen.size >= rememberedTexts) return;
    seen.add(text);
    log.warn({ warning: text }, "warning of the Kubernetes API");
  };
}
