import { basicAuthorization } from "./basic.ts";
import { type ClientAssertion, clientAssertionByKey, clientAssertionBySecret } from "./client-assertion.ts";
import type { ClientCertificate } from "./credential.ts";
import { clientCertificateFrom } from "./pem.ts";
import { type QueryAddition, toByteString } from "./query.ts";
import { requiredText, type Secret } from "./secret.ts";
import type { TokenAuthMethod } from "./token-options.ts";

/** What a token request says of its client. */
export interface Proof {
  readonly form: readonly QueryAddition[];
  readonly authorization?: string;
}

export interface ClientAuthentication {
  /** Everything that tells this client from another: a part of the key of its tokens. */
  readonly identity: readonly (string | Uint8Array)[];
  /** What is shown to the token endpoint in the TLS handshake. */
  readonly certificate?: ClientCertificate;
  /** Made for one request: an assertion is good for one. */
  prove(): Proof | Promise<Proof>;
}

/** Reads `clientId` and what the method needs. `usual` is what the type of the credential is named after. */
export function clientAuthentication(
  secret: Secret,
  tokenUrl: string,
  { method, usual }: { readonly method: TokenAuthMethod; readonly usual: TokenAuthMethod },
): ClientAuthentication {
  const clientId = requiredText(secret, "clientId");
  // `OAuthWithCert` shows its certificate whatever else its client says.
  const shows = method === "tls_client_auth" || usual === "tls_client_auth";
  const certificate = shows ? clientCertificateFrom(secret) : undefined;
  const { identity, prove } = proofOf(method, secret, clientId, tokenUrl);
  const shown = certificate === undefined ? [] : [certificate.cert, certificate.key];
  return {
    identity: [method, clientId, ...identity, ...shown],
    ...(certificate === undefined ? {} : { certificate }),
    prove,
  };
}

function proofOf(
  method: TokenAuthMethod,
  secret: Secret,
  clientId: string,
  tokenUrl: string,
): Pick<ClientAuthentication, "identity" | "prove"> {
  const id: QueryAddition = ["client_id", [toByteString(clientId)]];
  switch (method) {
    case "none":
    case "tls_client_auth":
      return { identity: [], prove: () => ({ form: [id] }) };
    case "private_key_jwt":
      return byAssertion(id, clientAssertionByKey(secret, clientId, tokenUrl));
    case "client_secret_jwt":
      return byAssertion(id, clientAssertionBySecret(secret, clientId, tokenUrl));
    default: {
      const clientSecret = requiredText(secret, "clientSecret");
      // The bytes of the Secret as they are, as upstream: RFC 6749 (2.3.1) wants them form-encoded first, and many
      // servers, SAP's among them, do not decode them.
      const authorization = basicAuthorization(Buffer.from(clientId), Buffer.from(clientSecret));
      const form: QueryAddition[] = [id, ["client_secret", [toByteString(clientSecret)]]];
      // Twice, as upstream does it: some endpoints read only the form, others only the header.
      const proof = { both: { form, authorization }, basic: { form: [id], authorization }, post: { form } }[method];
      return { identity: [clientSecret], prove: () => proof };
    }
  }
}

const assertionType: QueryAddition = [
  "client_assertion_type",
  ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"],
];

function byAssertion(id: QueryAddition, { identity, make }: ClientAssertion): ReturnType<typeof proofOf> {
  return {
    identity,
    prove: async () => ({ form: [id, assertionType, ["client_assertion", [await make()]]] }),
  };
}
