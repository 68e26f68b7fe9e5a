import { type Asn1, oid, raw, sequence, setOf, text } from "./asn1.ts";
import { oidOf } from "./attribute-types.ts";
import { type Attribute, type Name, NameError } from "./name.ts";
import { parseName } from "./parse-name.ts";
import { encodeString, type StringEncoding, StringTag } from "./strings.ts";

/** The types RFC 5280 ties to one string type; every other value becomes a UTF8String. */
const preferred: Readonly<Record<string, StringEncoding>> = {
  "2.5.4.6": "printable", // C
  "2.5.4.5": "printable", // serialNumber
  "2.5.4.46": "printable", // dnQualifier
  "0.9.2342.19200300.100.1.25": "ia5", // DC
  "1.2.840.113549.1.9.1": "ia5", // emailAddress
};

/** The DER structure of a name: parts in reverse of the printed order. */
export function encodeName(name: Name | string): Asn1 {
  const parts = typeof name === "string" ? parseName(name) : name;
  return sequence(...parts.map((rdn) => setOf(...rdn.map(encodeAttribute))).reverse());
}

function encodeAttribute(attribute: Attribute): Asn1 {
  const type = oidOf(attribute.type);
  if (type === undefined) throw new NameError(`unknown attribute type "${attribute.type}"; use a dotted OID`);
  return sequence(oid(type), encodeValue(type, attribute));
}

function encodeValue(type: string, { value, hex, encoding }: Attribute): Asn1 {
  if (value === undefined) {
    try {
      return raw(Buffer.from(hex ?? "", "hex"));
    } catch (cause) {
      throw new NameError(`the value of ${type} after '#' is not DER`, { cause });
    }
  }
  const wanted = encoding ?? preferred[type] ?? "utf8";
  const bytes = encodeString(wanted, value);
  if (bytes !== undefined) return text(StringTag[wanted], bytes);
  // A preference gives way to what can hold the text; an explicit wish does not.
  const fallback = encoding === undefined ? encodeString("utf8", value) : undefined;
  if (fallback === undefined) throw new NameError(`the value of ${type} cannot be written as ${wanted}`);
  return text(StringTag.utf8, fallback);
}
