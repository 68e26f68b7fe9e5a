import { createHash, createPublicKey } from "node:crypto";
import { createVerifier, httpbis } from "http-message-signatures";
import { bufferBody } from "../body.ts";
import { type Exchange, sendJson } from "../exchange.ts";
import { headerOf, headersOf } from "./basic.ts";
import type { Guard } from "./guard.ts";

/** What calls may be signed with: a key that both sides have, or the PEM of a public key. */
export type SignatureKey = { readonly secret: string | Buffer } | { readonly publicKey: string };

const algorithms = ["rsa-pss-sha512", "rsa-v1_5-sha256", "ecdsa-p256-sha256", "ecdsa-p384-sha384", "ed25519"];
const longestLifeS = 300;

/**
 * 401 without a signature (RFC 9421) by a key of these, a moment old, over method, authority, path and query, and over the
 * digest of the body (RFC 9530) where there is one.
 */
export function signedGuard(keys: ReadonlyMap<string, SignatureKey>): Guard {
  return async (exchange) => {
    const body = await bufferBody(exchange);
    const covered =
      /^[^=]+=\(([^)]*)\)/.exec(headerOf(exchange.received, "signature-input") ?? "")?.[1]?.split(" ") ?? [];
    const isWhole = body.length === 0 || covered.includes('"content-digest"');
    if (isWhole && digestFits(exchange, body) && (await isGenuine(exchange, keys))) return false;
    sendJson(exchange.response, 401, { error: "the signature is missing or wrong" });
    return true;
  };
}

async function isGenuine({ received }: Exchange, keys: ReadonlyMap<string, SignatureKey>): Promise<boolean> {
  const { method, url } = received;
  const scheme = received.tls === undefined ? "http" : "https";
  const origin = `${scheme}://${headerOf(received, "host")}`;
  const question = url.indexOf("?");
  // The library takes URLs apart by URL, which writes some paths anew.
  const raw: Readonly<Record<string, string>> = {
    "@target-uri": origin + url,
    "@request-target": url,
    "@path": question < 0 ? url : url.slice(0, question),
    "@query": question < 0 ? "?" : url.slice(question),
  };
  const names = [...new Set(received.headers.map(([name]) => name.toLowerCase()))];
  const headers = Object.fromEntries(names.map((name) => [name, headersOf(received, name)]));
  try {
    const verified = await httpbis.verifyMessage(
      {
        keyLookup: async ({ keyid, alg }) => verifierOf(keys.get(keyid ?? ""), alg ?? ""),
        componentParser: (name) => (raw[name] === undefined ? null : [raw[name]]),
        requiredParams: ["created", "keyid", "alg"],
        requiredFields: ["@method", "@authority", "@path", "@query"],
        maxAge: longestLifeS,
      },
      { method, url: origin, headers },
    );
    return verified === true;
  } catch {
    return false;
  }
}

function verifierOf(key: SignatureKey | undefined, alg: string) {
  if (key === undefined) return null;
  if ("secret" in key) return { algs: ["hmac-sha256"], verify: createVerifier(key.secret, "hmac-sha256") };
  return { algs: algorithms, verify: createVerifier(createPublicKey(key.publicKey), alg) };
}

/** Whether what `Content-Digest` says is true; it may say nothing. */
function digestFits({ received }: Exchange, body: Buffer): boolean {
  const header = headerOf(received, "content-digest");
  if (header === undefined) return true;
  const [, algorithm = "", digest] = /^sha-(256|512)=:([A-Za-z0-9+/=]+):$/.exec(header) ?? [];
  return algorithm !== "" && createHash(`sha${algorithm}`).update(body).digest("base64") === digest;
}
