import { Problem } from "@application-connector/problem";
import type { Credential } from "./credential.ts";
import { toByteString } from "./query.ts";
import { forbiddenInValue, headerName, notForSecrets } from "./request-parameters.ts";
import { optional, type Secret } from "./secret.ts";

/** The header that a credential travels in. */
export interface HeaderField {
  readonly name: string;
  readonly lowerName: string;
  /** What stands before the credential. */
  readonly prefix: string;
}

/** Reads the keys `headerName` and `headerPrefix` of a Secret, where they say otherwise than `usual`. */
export function readHeaderField(secret: Secret, usual: { name: string; prefix: string }): HeaderField {
  const name = optional(secret, "headerName")?.toString("utf8") ?? usual.name;
  const prefix = toByteString(optional(secret, "headerPrefix")?.toString("utf8") ?? usual.prefix);
  const lowerName = name.toLowerCase();
  if (!headerName.test(name) || notForSecrets.has(lowerName)) {
    throw new Problem("SECRET_INVALID", `secret '${secret.name}', key 'headerName': no credential can be sent in it`);
  }
  if (forbiddenInValue.test(prefix)) {
    throw new Problem("SECRET_INVALID", `secret '${secret.name}', key 'headerPrefix': no header can have it`);
  }
  return { name, lowerName, prefix };
}

/** A credential that is the same text in the same header of every call. */
export function staticHeader(type: string, { name, lowerName, prefix }: HeaderField, text: string): Credential {
  const value = `${prefix}${text}`;
  return {
    type,
    replaces: [lowerName],
    authorize(headers) {
      headers.push(name, value);
      return undefined;
    },
    refused: () => undefined,
  };
}
