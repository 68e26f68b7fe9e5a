import { randomBytes } from "node:crypto";
import type { Credential } from "./credential.ts";
import { isHeaderName, isOfTheConnection } from "./header-text.ts";
import { replaceHeader } from "./replace-header.ts";
import { choiceOf, flagOf, invalid, optionalText, type Secret, secondsOf } from "./secret.ts";
import { derivedComponents, signatureBase } from "./signature-base.ts";
import { contentDigest, digestAlgorithms, signedBodyOf } from "./signed-body.ts";

/** What makes signatures. */
export interface Signer {
  /** As HTTP's registry of signature algorithms names it (RFC 9421, section 6.2). */
  readonly alg: string;
  sign(base: Buffer): Buffer;
}

const usualComponents = ["@method", "@authority", "@path", "@query", "content-type", "content-digest"];
const label = /^[a-z*][a-z0-9_.*-]*$/;
const printable = /^[\x20-\x7e]*$/;

/**
 * A credential that signs calls (RFC 9421), and digests their bodies (RFC 9530). Reads `keyId`, `signedComponents`,
 * `signedBody`, `digestAlgorithm`, `signatureLabel`, `signatureTag`, `signatureNonce`, `signatureLifeSeconds`.
 */
export function messageSignature(type: string, secret: Secret, signer: Signer): Credential {
  const name = optionalText(secret, "signatureLabel") ?? "sig1";
  if (!label.test(name)) throw invalid(secret, "signatureLabel", "must be lower-case letters, digits and any of _-.*");
  const components = componentsOf(secret);
  const [keyid, tag] = [parameterOf(secret, "keyId"), parameterOf(secret, "signatureTag")];
  const signedBody = signedBodyOf(secret);
  const algorithm = choiceOf(secret, "digestAlgorithm", digestAlgorithms, "sha-256");
  const hasNonce = flagOf(secret, "signatureNonce");
  const lifeS = secondsOf(secret, "signatureLifeSeconds", { min: 1, max: 86_400, otherwise: 0 });
  const empty = contentDigest(Buffer.alloc(0), algorithm);
  return {
    type,
    replaces: ["signature", "signature-input", "content-digest"],
    signsBody: signedBody !== "never",
    authorize: () => undefined,
    seal(call) {
      const { headers, body } = call;
      const digest = body !== undefined ? contentDigest(body, algorithm) : signedBody === "always" ? empty : undefined;
      if (digest !== undefined) replaceHeader(headers, "Content-Digest", digest);
      const created = Math.floor(Date.now() / 1000);
      const { base, input } = signatureBase(call, components, {
        created,
        expires: lifeS === 0 ? undefined : created + lifeS,
        nonce: hasNonce ? randomBytes(16).toString("base64url") : undefined,
        alg: signer.alg,
        keyid,
        tag,
      });
      const signature = signer.sign(Buffer.from(base, "latin1")).toString("base64");
      headers.push("Signature-Input", `${name}=${input}`, "Signature", `${name}=:${signature}:`);
    },
    refused: () => undefined,
  };
}

/** Reads `signedComponents`: names of headers and of parts of the request, separated by spaces or commas. */
function componentsOf(secret: Secret): readonly string[] {
  const text = optionalText(secret, "signedComponents");
  if (text === undefined) return usualComponents;
  const names = text.split(/[\s,]+/).filter((word) => word !== "");
  const broken = (why: string) => invalid(secret, "signedComponents", why);
  for (const name of names) {
    if (name.startsWith("@")) {
      if (!derivedComponents.includes(name)) throw broken(`parts are ${derivedComponents.join(", ")}`);
    } else if (!isHeaderName(name) || name !== name.toLowerCase()) {
      throw broken("names of headers, in lower case");
    } else if (isOfTheConnection(name) || name.startsWith("signature")) {
      throw broken(`'${name}' can't be signed${name === "host" ? "; '@authority' can" : ""}`);
    }
  }
  if (names.length === 0 || new Set(names).size < names.length) throw broken("each name once, and at least one");
  return names;
}

function parameterOf(secret: Secret, key: string): string | undefined {
  const text = optionalText(secret, key);
  if (text !== undefined && !printable.test(text)) throw invalid(secret, key, "must be printable ASCII");
  return text;
}
