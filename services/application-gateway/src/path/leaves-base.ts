/**
 * Whether resolving the dot segments of `rest` would end, at any point, above where it began. Read as the most generous
 * target might: escapes decoded, backslashes as slashes, path parameters (`..;x`) dropped, empty segments as none, and
 * what follows a `#` as a fragment or as a part of the path.
 */
export function leavesBase(rest: string): boolean {
  if (!mayHoldDots.test(rest)) return false;
  const plain = rest
    .replace(/%2e/gi, ".")
    .replace(/%2f|%5c|\\/gi, "/")
    .replace(/%3b/gi, ";");
  let depth = 0;
  for (const segment of plain.split("/")) {
    const end = segment.search(endOfName);
    const name = end < 0 ? segment : segment.slice(0, end);
    if (name === "..") depth--;
    else if (name !== "." && name !== "") depth++;
    if (depth < 0) return true;
  }
  return false;
}

const endOfName = /[;#]/;
const mayHoldDots = /(\.|%2e){2}/i;
