import { type Authority, createAuthority } from "@application-connector/x509";
import type { ListenerName, ListenerSettings } from "./listeners.ts";

/** What each TLS listener shows, and what it asks of its clients. */
export function tlsSettings(
  authority: Authority,
): Record<Exclude<ListenerName, "http">, NonNullable<ListenerSettings["tls"]>> {
  const { certificate, key } = authority.issue({
    subject: "CN=external-system",
    usage: ["server"],
    dnsNames: ["localhost"],
    ipAddresses: ["127.0.0.1"],
    keyType: "ec",
  });
  // A self-made authority's own certificate is the plainest kind that nobody can verify.
  const stranger = createAuthority({ subject: "CN=localhost", keyType: "ec" });
  return {
    https: { cert: certificate, key },
    mtls: { cert: certificate, key, ca: authority.certificate, requestCert: true, rejectUnauthorized: true },
    selfSigned: { cert: stranger.certificate, key: stranger.key },
  };
}
