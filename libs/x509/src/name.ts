import type { StringEncoding } from "./strings.ts";

/** One attribute of a distinguished name, as `type=value`. */
export interface Attribute {
  /** Short name as BoringSSL prints it (`CN`, `emailAddress`), or a dotted OID. */
  type: string;
  /** The text; undefined when the value is opaque, printed as `#` and the hex of its DER. */
  value: string | undefined;
  /** Upper-case hex of the DER of an opaque value. */
  hex?: string;
  /** The string type to issue it with, where the default of its attribute type is not wanted. */
  encoding?: StringEncoding;
}

/** Usually one attribute; more when printed with `+`. */
export type Rdn = readonly Attribute[];

/** A distinguished name in printed order: the reverse of the order in the certificate. */
export type Name = readonly Rdn[];

/** The text or the bytes are no distinguished name, or not one that identifies a caller. */
export class NameError extends Error {
  override readonly name = "NameError";
}

/** U+0000–U+001F and U+007F–U+009F: invisible in logs and terminals, and cut points for C programs. */
function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return true;
  }
  return false;
}

/**
 * The one common name that identifies the holder of a certificate.
 * A name with two of them, or with one hidden in a multi-valued part, identifies nobody: which one counts would
 * depend on the reader.
 */
export function commonName(name: Name): string {
  let found: string | undefined;
  let count = 0;
  for (const rdn of name) {
    for (const attribute of rdn) {
      // Only the exact spelling: BoringSSL never prints `cn` or `2.5.4.3`.
      if (attribute.type !== "CN") continue;
      if (rdn.length > 1) throw new NameError("the common name is part of a multi-valued RDN");
      count++;
      found = attribute.value;
    }
  }
  if (count !== 1) throw new NameError(count === 0 ? "the name has no CN" : `the name has ${count} CNs`);
  if (found === undefined) throw new NameError("the common name is not text");
  if (found === "") throw new NameError("the common name is empty");
  if (hasControlCharacter(found)) throw new NameError("the common name contains a control character");
  return found;
}
