import type { Credential } from "./credential.ts";
import { isHeaderName, isHeaderValue, isOfTheConnection } from "./header-text.ts";
import { toByteString } from "./query.ts";
import { invalid, optional, type Secret } from "./secret.ts";

/** The header that a credential travels in. */
export interface HeaderField {
  readonly name: string;
  readonly lowerName: string;
  /** What stands before the credential. */
  readonly prefix: string;
}

/** Reads the keys `headerName` and `headerPrefix` of a Secret, where they say otherwise than `usual`. */
export function readHeaderField(secret: Secret, usual: { name: string; prefix: string }): HeaderField {
  const name = readHeaderName(secret, usual.name);
  const prefix = toByteString(optional(secret, "headerPrefix")?.toString("utf8") ?? usual.prefix);
  if (!isHeaderValue(prefix)) throw invalid(secret, "headerPrefix", "no header can have it");
  return { name, lowerName: name.toLowerCase(), prefix };
}

/** Reads the key `headerName`. */
export function readHeaderName(secret: Secret, usual: string): string {
  const name = optional(secret, "headerName")?.toString("utf8") ?? usual;
  if (!isHeaderName(name) || isOfTheConnection(name.toLowerCase())) {
    throw invalid(secret, "headerName", "no credential can be sent in it");
  }
  return name;
}

/** A credential that is the same text in the same header of every call. */
export function staticHeader(type: string, { name, lowerName, prefix }: HeaderField, text: string): Credential {
  const value = `${prefix}${text}`;
  return {
    type,
    replaces: [lowerName],
    authorize({ headers }) {
      headers.push(name, value);
      return undefined;
    },
    refused: () => undefined,
  };
}
