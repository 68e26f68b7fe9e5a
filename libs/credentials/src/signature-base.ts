import { headerValues } from "@application-connector/forward";
import type { OutgoingCall } from "./credential.ts";
import { trimBlanks } from "./trim-blanks.ts";

/** What may be said of a signature (RFC 9421, section 2.3). Texts are printable ASCII. */
export interface SignatureParameters {
  /** In seconds since the epoch, as `expires`. */
  readonly created: number;
  readonly expires?: number | undefined;
  readonly nonce?: string | undefined;
  readonly alg?: string | undefined;
  readonly keyid?: string | undefined;
  readonly tag?: string | undefined;
}

type SignedCall = Pick<OutgoingCall, "method" | "origin" | "path" | "headers">;

/** Parts of a request that are no header (RFC 9421, section 2.2). */
const derived = new Map<string, (call: SignedCall) => string>([
  ["@method", ({ method }) => method],
  ["@scheme", ({ origin }) => origin.slice(0, origin.indexOf(":"))],
  ["@authority", ({ origin }) => origin.slice(origin.indexOf("//") + 2)],
  ["@target-uri", ({ origin, path }) => origin + path],
  ["@request-target", ({ path }) => path],
  ["@path", ({ path }) => path.split("?", 1)[0] ?? ""],
  ["@query", ({ path }) => (path.includes("?") ? path.slice(path.indexOf("?")) : "?")],
]);

export const derivedComponents: readonly string[] = [...derived.keys()];

/**
 * What is signed, as a byte string, and the value of `Signature-Input` that tells how it was made (RFC 9421, sections 2.3
 * and 2.5). Headers that the call does not have are not covered.
 */
export function signatureBase(
  call: SignedCall,
  components: readonly string[],
  parameters: SignatureParameters,
): { readonly base: string; readonly input: string } {
  const covered: string[] = [];
  const lines: string[] = [];
  for (const component of components) {
    const value = derived.get(component)?.(call) ?? fieldOf(call.headers, component);
    if (value === undefined) continue;
    covered.push(`"${component}"`);
    lines.push(`"${component}": ${value}`);
  }
  const input = `(${covered.join(" ")})${written(parameters)}`;
  return { base: [...lines, `"@signature-params": ${input}`].join("\n"), input };
}

/** The value of a header as it is signed (RFC 9421, section 2.1). */
function fieldOf(headers: readonly string[], lowerName: string): string | undefined {
  const values = headerValues(headers, lowerName);
  return values.length === 0 ? undefined : values.map(trimBlanks).join(", ");
}

/** RFC 9651, section 4.1.1.2. */
function written({ created, expires, nonce, alg, keyid, tag }: SignatureParameters): string {
  const texts = { nonce, alg, keyid, tag };
  const numbers = Object.entries({ created, expires }).filter(([, value]) => value !== undefined);
  const quoted = Object.entries(texts).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, `"${text.replace(/["\\]/g, "\\$&")}"`]],
  );
  return [...numbers, ...quoted].map(([name, value]) => `;${name}=${value}`).join("");
}
