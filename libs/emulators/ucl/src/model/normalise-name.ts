/** The name under which UCL shows an application to a runtime that wants names normalised. */
export function normaliseName(name: string): string {
  const plain = (text: string): string => {
    // Code point by code point: a dotted capital I must not become two characters.
    const lower = [...text].map((character) => (character === "\u0130" ? "i" : character.toLowerCase())).join("");
    return lower
      .replace(/[^a-z0-9-]/gu, "-")
      .replace(/-+/g, "-")
      .replace(/-$/, "");
  };
  return name.startsWith("mp-") && plain(name) === name ? name : plain(`mp-${name}`);
}
