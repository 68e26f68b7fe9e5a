// What kinds of bytes a raw path holds. One walk answers all questions that most paths answer with "none of these".

/** A byte that `encodeUrl` writes as an escape. */
export const encodable = 1;
/** An escape, well formed. */
export const escaped = 2;
/** A byte that would break the request line, or a broken escape. */
export const invalid = 4;

const kinds = new Uint8Array(256).fill(encodable);
for (const kept of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~$&+,/:;=@") {
  kinds[kept.charCodeAt(0)] = 0;
}
for (let control = 0; control <= 32; control++) kinds[control] = invalid;
kinds[127] = invalid;
kinds[37] = escaped;

const brokenEscape = /%(?![0-9A-Fa-f]{2})/;

/** The kinds found, as a union of the bits above. `path` is a byte string (latin1). */
export function bytesOf(path: string): number {
  let found = 0;
  for (let i = 0; i < path.length; i++) found |= kinds[path.charCodeAt(i)] ?? invalid;
  return (found & escaped) !== 0 && brokenEscape.test(path) ? found | invalid : found;
}

/** Decodes every escape, and writes anew those bytes that can't stand for themselves. */
export function recode(path: string): string {
  return encode(decode(path));
}

/** Every escape as the byte it stands for. */
export function decode(path: string): string {
  if (!path.includes("%")) return path;
  return path.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function encode(bytes: string): string {
  let encoded = "";
  for (let i = 0; i < bytes.length; i++) {
    const code = bytes.charCodeAt(i);
    encoded += kinds[code] === 0 ? bytes[i] : `%${code.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}
