import type { Credential } from "./credential.ts";
import { clientCertificateFrom } from "./pem.ts";
import type { Secret } from "./secret.ts";

/** `CertificateGen`: a client certificate in the TLS handshake; the client's own `Authorization` passes through. */
export function clientCertificate(secret: Secret): Credential {
  return {
    type: "CertificateGen",
    replaces: [],
    clientCertificate: clientCertificateFrom(secret),
    authorize: () => undefined,
    refused: () => undefined,
  };
}
