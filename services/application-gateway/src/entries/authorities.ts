import { X509Certificate } from "node:crypto";
import type { Secret } from "@application-connector/credentials";
import { Problem } from "@application-connector/problem";

const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The certificates of authorities under the first of these keys that a Secret has, as PEM without what stands around
 * them. Undefined when it has none of the keys.
 */
export function authoritiesIn({ name, data }: Secret, ...keys: readonly string[]): string | undefined {
  const key = keys.find((candidate) => Object.hasOwn(data, candidate));
  if (key === undefined) return undefined;
  const blocks =
    Buffer.from(data[key] ?? "", "base64")
      .toString("latin1")
      .match(certificate) ?? [];
  if (blocks.length === 0) throw invalid(name, key, "holds no certificate");
  for (const block of blocks) {
    try {
      new X509Certificate(block);
    } catch (cause) {
      throw invalid(name, key, "holds a certificate that can't be read", cause);
    }
  }
  return `${blocks.join("\n")}\n`;
}

function invalid(name: string, key: string, why: string, cause?: unknown): Problem {
  return new Problem("CERTIFICATE_INVALID", `secret '${name}': key '${key}' ${why}`, { cause });
}
