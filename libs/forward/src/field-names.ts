/**
 * Whether a field has this name, given in lower case and of letters and hyphens. Most names differ in length or in their
 * first letter: no lower-case copy is made, which costs as much as everything else that is done with a field.
 */
export function isNamed(name: string, lowerName: string): boolean {
  const { length } = lowerName;
  if (name.length !== length) return false;
  for (let i = 0; i < length; i += 1) {
    const wanted = lowerName.charCodeAt(i);
    const code = name.charCodeAt(i);
    if (code !== wanted && (wanted < 0x61 || (code | 0x20) !== wanted)) return false;
  }
  return true;
}

/** Names repeat from message to message; the first so many of them are remembered. */
const maxKnown = 1_000;
const maxKnownLength = 40;
const known = new Map<string, string>();

/** A name in lower case. */
export function lowerName(name: string): string {
  const found = known.get(name);
  if (found !== undefined) return found;
  const lower = name.toLowerCase();
  if (known.size < maxKnown && name.length <= maxKnownLength) {
    // Not a slice of the text that it came in: that would live as long.
    const own = Buffer.from(name, "latin1").toString("latin1");
    known.set(own, own.toLowerCase());
  }
  return lower;
}
