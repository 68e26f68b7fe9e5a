import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { type Attribute, createRequest, type Name } from "@application-connector/x509";

/** Makes a private key; not on the event loop, which it would hold up for seconds. */
export type MakeKey = () => Promise<KeyObject>;

const keyBits = 4096;

/** RSA whatever UCL calls the algorithm: it signs with RSA, and refuses other keys. */
export const makeRsaKey: MakeKey = async () =>
  (await promisify(generateKeyPair)("rsa", { modulusLength: keyBits })).privateKey;

/** PEM of a PKCS#10 request (RFC 2986) for a subject as UCL writes it, without attributes or extensions. */
export function signingRequest(subject: string, key: KeyObject): string {
  const pem = key.export({ type: "pkcs8", format: "pem" }).toString();
  return createRequest({ subject: nameFrom(subject), key: pem }).request;
}

/** In the order in which Go writes them, which is the one in which upstream's requests have them. */
const derOrder = ["C", "ST", "L", "O", "OU", "CN"];
const printable = /^[A-Za-z0-9 '()+,\-./:=?]*$/;

/**
 * `O=..,OU=..,L=..,ST=..,C=..,CN=..` as a name. Spaces around parts do not count, `\` takes the meaning from the
 * character behind it, and empty parts are left out.
 *
 * @throws {Error} when a part has no `=` or a type that UCL does not use, or when there is no common name
 */
export function nameFrom(subject: string): Name {
  const attributes = partsOf(subject).map(attributeFrom);
  const given = attributes.filter(({ value }) => value !== "");
  if (!given.some(({ type }) => type === "CN")) throw new Error("the subject that UCL wants has no common name (CN)");
  // A Name lists its parts as they are printed, in reverse of the certificate.
  return derOrder
    .flatMap((type) => given.filter((attribute) => attribute.type === type))
    .reverse()
    .map((attribute) => [attribute]);
}

/** Splits at commas that nothing escapes. */
function partsOf(subject: string): string[] {
  const parts = subject.match(/(?:\\[\s\S]|[^,\\])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

function attributeFrom(part: string): Attribute {
  const at = part.indexOf("=");
  if (at < 0)
    throw new Error(`the subject that UCL wants has a part without "=": ${JSON.stringify(part.slice(0, 40))}`);
  const type = part.slice(0, at).trim().toUpperCase();
  if (!derOrder.includes(type))
    throw new Error(`the subject that UCL wants has a part of unknown type ${JSON.stringify(type.slice(0, 40))}`);
  const value = part
    .slice(at + 1)
    .trim()
    .replaceAll(/\\([\s\S])/g, "$1");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(value))
    throw new Error(`the subject that UCL wants has a control character in ${type}`);
  return { type, value, encoding: printable.test(value) ? "printable" : "utf8" };
}
