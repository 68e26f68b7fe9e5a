import type { Credential } from "./credential.ts";
import { clientCertificateFrom } from "./pem.ts";
import { flagOf, type Secret } from "./secret.ts";

/** With `targetMtls: "true"` the certificate `crt` and `key` is shown to the target too, whatever else proves who calls. */
export function withTargetCertificate(credential: Credential, secret: Secret): Credential {
  if (credential.clientCertificate !== undefined || !flagOf(secret, "targetMtls")) return credential;
  return { ...credential, clientCertificate: clientCertificateFrom(secret) };
}
