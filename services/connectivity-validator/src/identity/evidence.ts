import { type Name, NameError, parseName, type XfccElement } from "@application-connector/x509";
import { type CertificateFacts, decodeCertificateText, type ReadCertificate } from "./certificate.ts";
import { type Identity, identityOf, isRejection, type Rejection, rejection } from "./identity.ts";

/** What the certificate inside the header counts for. */
export type CertificatePolicy = "ignore" | "verify" | "require";

/** Who the client element speaks of: its Subject text, confirmed by the certificate where there is one to read. */
export function identifyClient(
  element: XfccElement,
  policy: CertificatePolicy,
  read: ReadCertificate,
): Identity | Rejection {
  const named = nameFromText(element.subject);
  if ("rejected" in named) return named;
  const fromText = identityOf(named.name, { certSha256: plausibleDigest(element.hash) });
  if (isRejection(fromText) || policy === "ignore") return fromText;
  if (policy === "require" && plausibleDigest(element.hash) === undefined)
    return rejection("certificate_missing", "Hash is not a SHA-256 digest");

  if (element.cert === undefined)
    return policy === "require" ? rejection("certificate_missing", "the client element has no Cert") : fromText;
  const certificate = certificateFromText(element.cert, read);
  if (certificate === "not_one_pem")
    return policy === "require" ? rejection("certificate_unreadable", "Cert is not one PEM certificate") : fromText;
  if (certificate === "unreadable") return rejection("certificate_unreadable", "Cert holds no X.509 certificate");
  return confirmed(fromText, certificate, element.hash);
}

/** The certificate's identity, if digest and common name are those that the header states. */
function confirmed(stated: Identity, facts: CertificateFacts, hash: string | undefined): Identity | Rejection {
  if (facts.sha256 !== hash?.toLowerCase()) return rejection("certificate_mismatch", "Hash is not the digest of Cert");
  const identity = identityOf(facts.subject, { certSha256: facts.sha256, validity: facts.validity });
  if (isRejection(identity)) return identity;
  if (identity.commonName !== stated.commonName)
    return rejection("certificate_mismatch", "Cert and Subject have different common names");
  return identity;
}

function nameFromText(subject: string | undefined): { name: Name } | Rejection {
  if (subject === undefined || subject === "") return rejection("no_subject", "the client element has no Subject");
  try {
    return { name: parseName(subject) };
  } catch (error) {
    if (error instanceof NameError) return rejection("invalid_subject", error.message);
    throw error;
  }
}

function certificateFromText(text: string, read: ReadCertificate): CertificateFacts | "not_one_pem" | "unreadable" {
  const der = decodeCertificateText(text);
  return der === undefined ? "not_one_pem" : (read(der) ?? "unreadable");
}

function plausibleDigest(hash: string | undefined): string | undefined {
  return hash !== undefined && /^[\da-f]{64}$/i.test(hash) ? hash.toLowerCase() : undefined;
}
