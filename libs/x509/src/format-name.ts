import type { Attribute, Name } from "./name.ts";

/** Prints a name as BoringSSL does with `XN_FLAG_RFC2253`: the text of `Subject` in `x-forwarded-client-cert`. */
export function formatName(name: Name): string {
  return name.map((rdn) => rdn.map(formatAttribute).join("+")).join(",");
}

function formatAttribute({ type, value, hex }: Attribute): string {
  return value === undefined ? `${type}=#${hex ?? ""}` : `${type}=${escapeValue(value)}`;
}

function escapeValue(value: string): string {
  const bytes = Buffer.from(value, "utf8");
  let text = "";
  bytes.forEach((byte, index) => {
    if (byte < 0x20 || byte > 0x7e) text += `\\${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    else if (isEscaped(byte, index === 0, index === bytes.length - 1)) text += `\\${String.fromCharCode(byte)}`;
    else text += String.fromCharCode(byte);
  });
  return text;
}

/** RFC 2253, section 2.4. `=` is not escaped, so a reader must end the type at the first one. */
function isEscaped(byte: number, first: boolean, last: boolean): boolean {
  switch (byte) {
    case 0x22: // "
    case 0x2b: // +
    case 0x2c: // ,
    case 0x3b: // ;
    case 0x3c: // <
    case 0x3e: // >
    case 0x5c: // \
      return true;
    case 0x20:
      return first || last;
    case 0x23: // #
      return first;
    default:
      return false;
  }
}
