/** The flag that was probably meant by an unknown one, as the end of its message; empty when none is near. */
export function suggestion(mistake: string, names: readonly string[]): string {
  const unknown = /not defined: -(.+)$/.exec(mistake)?.[1]?.toLowerCase();
  if (unknown === undefined || unknown.length > 64) return "";
  const reach = Math.min(3, Math.floor(unknown.length / 3));
  const [nearest] = names
    .map((name) => ({ name, distance: editDistance(unknown, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= reach)
    .sort((left, right) => left.distance - right.distance);
  return nearest === undefined ? "" : ` (did you mean -${nearest.name}?)`;
}

/** Levenshtein's distance, row by row. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line++) {
    const next = [line];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (from[line - 1] === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
