import type { X509Certificate } from "node:crypto";
import { formatName, NameError, parseName, readSubject } from "@application-connector/x509";

/** Certificates that are not to be used any more, whoever issued them and whatever they are still good for. */
export interface DenyList {
  readonly size: number;
  has(certificate: X509Certificate): boolean;
}

/** A line that nobody can read: half a list is none. */
export class DenyListError extends Error {
  override readonly name = "DenyListError";
}

/**
 * Reads a list, one entry a line: the SHA-256 of a certificate in hex, `serial:` and a serial number, or `subject:` and a
 * name as RFC 2253 prints it. Empty lines and what follows a `#` do not count.
 */
export function parseDenyList(text: string): DenyList {
  const digests = new Set<string>();
  const serials = new Set<string>();
  const subjects = new Set<string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const entry = line.replace(/(?:^|\s)#.*$/, "").trim();
    if (entry === "") continue;
    const [, kind = "sha256", value = ""] = /^(?:(sha256|serial|subject):)?\s*(.*)$/i.exec(entry) ?? [];
    const read = readers[kind.toLowerCase() as keyof typeof readers](value);
    if (read === undefined) throw new DenyListError(`line ${index + 1} is no SHA-256, serial: or subject: entry`);
    ({ sha256: digests, serial: serials, subject: subjects })[kind.toLowerCase() as keyof typeof readers].add(read);
  }
  return {
    size: digests.size + serials.size + subjects.size,
    has: (certificate) =>
      (digests.size > 0 && digests.has(certificate.fingerprint256.replaceAll(":", "").toLowerCase())) ||
      (serials.size > 0 && serials.has(serialNumber(certificate.serialNumber) ?? "")) ||
      (subjects.size > 0 && subjects.has(subjectOf(certificate))),
  };
}

const readers = {
  sha256: (value: string) => {
    const digits = value.replaceAll(":", "").toLowerCase();
    return /^[\da-f]{64}$/.test(digits) ? digits : undefined;
  },
  serial: (value: string) => serialNumber(value),
  subject: (value: string) => {
    try {
      const name = parseName(value);
      return name.length === 0 ? undefined : formatName(name);
    } catch (error) {
      if (error instanceof NameError) return undefined;
      throw error;
    }
  },
};

/** Hex, in the one form that all programs' forms have in common. */
function serialNumber(text: string): string | undefined {
  const digits = text.replaceAll(":", "").toLowerCase().replace(/^0x/, "");
  return /^[\da-f]+$/.test(digits) ? digits.replace(/^0+(?=.)/, "") : undefined;
}

function subjectOf({ raw }: X509Certificate): string {
  try {
    return formatName(readSubject(raw));
  } catch (error) {
    if (error instanceof NameError) return "";
    throw error;
  }
}
