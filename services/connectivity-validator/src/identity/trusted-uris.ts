/** Tells whether a URI is one of a trusted gateway's. In a pattern, `*` stands for text within one segment. */
export function trustedUris(patterns: readonly string[]): (uri: string) => boolean {
  const expressions = patterns.map((pattern) => new RegExp(`^${pattern.split("*").map(escaped).join("[^/]+")}$`));
  return (uri) => expressions.some((expression) => expression.test(uri));
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
