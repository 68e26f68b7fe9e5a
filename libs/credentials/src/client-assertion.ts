import { randomUUID } from "node:crypto";
import { showUrl } from "./http-url.ts";
import { invalid, optionalText, requiredText, type Secret } from "./secret.ts";
import { signingKeyFrom } from "./signing-key.ts";

/** A statement of a client about itself, signed for one request (RFC 7523, 2.2 and 3; OpenID Connect Core, 9). */
export interface ClientAssertion {
  readonly identity: readonly (string | Uint8Array)[];
  make(): Promise<string>;
}

/** Long enough for clocks that differ; whoever gets hold of one can use it no longer. */
const lifeS = 300;

/** `private_key_jwt`: keys `signingKey`, optional `signingAlgorithm`, `keyId`, `signingCertificate`, `assertionAudience`. */
export function clientAssertionByKey(secret: Secret, clientId: string, tokenUrl: string): ClientAssertion {
  const { key, pem, header } = signingKeyFrom(secret);
  const audience = audienceOf(secret, tokenUrl);
  const make = (): Promise<string> => sign({ key, header, clientId, audience });
  return { identity: [pem, JSON.stringify(header), audience], make };
}

/** RFC 7518, 3.2. Whoever sees an assertion can try as many keys as he likes. */
const smallestHmacBytes = 32;

/** `client_secret_jwt`: the client's secret is the key of an HMAC; optional `assertionAudience`. */
export function clientAssertionBySecret(secret: Secret, clientId: string, tokenUrl: string): ClientAssertion {
  const clientSecret = requiredText(secret, "clientSecret");
  const key = Buffer.from(clientSecret);
  if (key.length < smallestHmacBytes) {
    throw invalid(secret, "clientSecret", `is too short to sign with; HS256 needs ${smallestHmacBytes} bytes`);
  }
  const audience = audienceOf(secret, tokenUrl);
  const make = (): Promise<string> => sign({ key, header: { alg: "HS256" }, clientId, audience });
  return { identity: [clientSecret, audience], make };
}

/** The token endpoint, unless the server wants to be called otherwise, for instance by its issuer. */
function audienceOf(secret: Secret, tokenUrl: string): string {
  return optionalText(secret, "assertionAudience") ?? showUrl(tokenUrl);
}

interface Signing {
  readonly key: Parameters<InstanceType<typeof import("jose").SignJWT>["sign"]>[0];
  readonly header: { readonly alg: string };
  readonly clientId: string;
  readonly audience: string;
}

async function sign({ key, header, clientId, audience }: Signing): Promise<string> {
  // Loaded when the first is signed: most gateways sign none.
  const { SignJWT } = await import("jose");
  const nowS = Math.floor(Date.now() / 1000);
  return await new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ typ: "JWT", ...header })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(audience)
    .setIssuedAt(nowS)
    .setExpirationTime(nowS + lifeS)
    .sign(key);
}
