import type { OutgoingCall } from "./credential.ts";
import { trimBlanks } from "./trim-blanks.ts";

/** A call as AWS signs it. */
export interface AwsCall extends Pick<OutgoingCall, "method" | "path" | "headers"> {
  /** Names of the headers that are signed: sorted, in lower case. */
  readonly signed: readonly string[];
  /** SHA-256 of the body in hex, or what stands for it. */
  readonly bodyHash: string;
  /** S3 takes paths as they are; all others resolve their dots and read them as encoded once more. */
  readonly isS3: boolean;
}

/** The text whose hash is signed (Signature Version 4, task 1). */
export function canonicalRequest({ method, path, headers, signed, bodyHash, isS3 }: AwsCall): string {
  const question = path.indexOf("?");
  const [rawPath, rawQuery] = question < 0 ? [path, ""] : [path.slice(0, question), path.slice(question + 1)];
  const values = valuesOf(headers, signed);
  const lines = signed.map((name) => `${name}:${values.get(name)?.map(plain).join(",")}\n`);
  return [
    method,
    isS3 ? encode(decode(rawPath), "/") : encode(resolved(rawPath), "/"),
    canonicalQuery(rawQuery),
    lines.join(""),
    signed.join(";"),
    bodyHash,
  ].join("\n");
}

/** In one walk: a client may send thousands of headers that are signed. */
function valuesOf(headers: readonly string[], names: readonly string[]): Map<string, string[]> {
  const values = new Map(names.map((name): [string, string[]] => [name, []]));
  for (let i = 0; i < headers.length; i += 2) {
    values.get((headers[i] as string).toLowerCase())?.push(headers[i + 1] as string);
  }
  return values;
}

function plain(value: string): string {
  return trimBlanks(value).replace(/ {2,}/g, " ");
}

/** RFC 3986, section 5.2.4, and no empty segments but the last. */
function resolved(path: string): string {
  const segments: string[] = [];
  const all = path.split("/");
  for (const segment of all) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  const isFolder = segments.length > 0 && /^\.{0,2}$/.test(all.at(-1) ?? "");
  return `/${segments.join("/")}${isFolder ? "/" : ""}`;
}

function canonicalQuery(query: string): string {
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair): [name: string, value: string] => {
      const equals = pair.indexOf("=");
      const [name, value] = equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [encodeForm(name), encodeForm(value)];
    })
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function encodeForm(text: string): string {
  return encode(decode(text.replaceAll("+", " ")));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** All but unreserved characters (RFC 3986, 2.3), and those in `kept`. Texts are byte strings. */
function encode(bytes: string, kept = ""): string {
  return bytes.replace(/[^A-Za-z0-9\-._~]/g, (byte) =>
    kept.includes(byte) ? byte : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

/** What is no escape stays as it is. */
function decode(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
