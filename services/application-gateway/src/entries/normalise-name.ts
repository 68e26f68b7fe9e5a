const longest = 57;

/**
 * The path segment under which a service or entry is called: upstream's rule, step by step, because every URL that a
 * workload has stored was made by it. May be empty; then nothing can address it.
 */
export function normaliseName(name: string): string {
  const dashed = name.replace(/[^A-Za-z0-9]+/gu, "-").toLowerCase();
  const ended = dashed.endsWith("-") ? dashed.slice(0, -1) : dashed;
  // The leading dash goes after the cut, so such names are one shorter. A dash that the cut makes last stays.
  const cut = ended.slice(0, longest);
  return cut.startsWith("-") ? cut.slice(1) : cut;
}
