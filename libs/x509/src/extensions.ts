import { isIPv4, isIPv6 } from "node:net";
import { type Asn1, bits, boolean, encode, implicit, octets, oid, sequence } from "./asn1.ts";

/** What a certificate may be used for, and by which names its holder is reached. */
export interface LeafUse {
  /** Empty: no restriction is written, which leaves every use open. */
  usage: readonly ("client" | "server" | "any" | "mail")[];
  dnsNames?: readonly string[] | undefined;
  ipAddresses?: readonly string[] | undefined;
  uris?: readonly string[] | undefined;
  /** The key is for signatures alone; an RSA key is for encipherment as well otherwise. */
  signsOnly?: boolean | undefined;
}

function extension(id: string, critical: boolean, value: Asn1): Asn1 {
  const content = octets(encode(value));
  return critical ? sequence(oid(id), boolean(true), content) : sequence(oid(id), content);
}

const subjectKeyIdentifier = (identifier: Uint8Array): Asn1 => extension("2.5.29.14", false, octets(identifier));

function authorityKeyIdentifier(identifier: Uint8Array | undefined): Asn1[] {
  return identifier === undefined ? [] : [extension("2.5.29.35", false, sequence(implicit(0, identifier)))];
}

/** A certificate that signs others. */
export function authorityExtensions(keyIdentifier: Uint8Array, issuerKeyIdentifier: Uint8Array | undefined): Asn1[] {
  return [
    extension("2.5.29.19", true, sequence(boolean(true))),
    // digitalSignature, keyCertSign, cRLSign
    extension("2.5.29.15", true, bits(Buffer.of(0b1000_0110), 1)),
    subjectKeyIdentifier(keyIdentifier),
    ...authorityKeyIdentifier(issuerKeyIdentifier),
  ];
}

/** RFC 5280, 4.2.1.12. */
const purposeOids = {
  server: "1.3.6.1.5.5.7.3.1",
  client: "1.3.6.1.5.5.7.3.2",
  mail: "1.3.6.1.5.5.7.3.4",
  any: "2.5.29.37.0",
} as const;

/** A certificate for one end of a TLS connection. */
export function leafExtensions(
  use: LeafUse,
  holder: { keyIdentifier: Uint8Array; isRsa: boolean; subjectIsEmpty: boolean },
  issuerKeyIdentifier: Uint8Array | undefined,
): Asn1[] {
  const purposes = use.usage.map((usage) => oid(purposeOids[usage]));
  return [
    extension("2.5.29.19", true, sequence()),
    // digitalSignature; keyEncipherment only means something for RSA.
    extension(
      "2.5.29.15",
      true,
      holder.isRsa && use.signsOnly !== true ? bits(Buffer.of(0b1010_0000), 5) : bits(Buffer.of(0b1000_0000), 7),
    ),
    ...(purposes.length === 0 ? [] : [extension("2.5.29.37", false, sequence(...purposes))]),
    ...alternativeNames(use, holder.subjectIsEmpty),
    subjectKeyIdentifier(holder.keyIdentifier),
    ...authorityKeyIdentifier(issuerKeyIdentifier),
  ];
}

/** The subjectAltName extension, if there is any name; critical when it is the only identity (RFC 5280, 4.2.1.6). */
export function alternativeNames(use: Omit<LeafUse, "usage">, critical = false): Asn1[] {
  const names = [
    ...(use.dnsNames ?? []).map((name) => implicit(2, ascii(name))),
    ...(use.ipAddresses ?? []).map((address) => implicit(7, ipBytes(address))),
    ...(use.uris ?? []).map((uri) => implicit(6, ascii(uri))),
  ];
  return names.length === 0 ? [] : [extension("2.5.29.17", critical, sequence(...names))];
}

function ascii(name: string): Buffer {
  if (/[^\x20-\x7e]/.test(name)) throw new TypeError(`"${name}" cannot be an alternative name: it is not ASCII`);
  return Buffer.from(name, "latin1");
}

/** 4 or 16 bytes. */
export function ipBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split(".").map(Number));
  if (!isIPv6(address) || address.includes("%")) throw new TypeError(`"${address}" is no IP address`);
  // The last 32 bits may be written as IPv4; URL rewrites them, and expands nothing else that matters here.
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = "", tail] = plain.split("::");
  const groups = (part: string) => (part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16)));
  const [before, after] = [groups(head), groups(tail ?? "")];
  const all = [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}
