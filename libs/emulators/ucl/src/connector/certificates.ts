import type { X509Certificate } from "node:crypto";
import {
  describeRequest,
  type Name,
  NameError,
  RequestError,
  type RsaDigest,
  signRequest,
} from "@application-connector/x509";
import type { World } from "../world.ts";

/** What the subject of every certificate says beside the client id. */
const constants = { C: "DE", O: "Org", OU: "OrgUnit", L: "locality", ST: "province" } as const;

export const subjectFor = (clientId: string): string => {
  const { C, O, OU, L, ST } = constants;
  return `O=${O},OU=${OU},L=${L},ST=${ST},C=${C},CN=${clientId}`;
};

/** The three strings of a certification result, base64 of PEM. */
export interface CertificationResult {
  certificateChain: string;
  caCertificate: string;
  clientCertificate: string;
}

/** Signs a request as UCL does; throws an error with UCL's sentence when it is not what it should be. */
export function certify(world: World, clientId: string, csr: string): CertificationResult {
  const request = decode(csr);
  const { subject, keyType, digest } = describe(request);
  checkSubject(subject, clientId);
  // The certificate takes the signature algorithm of the request, and the authority's key is RSA.
  if (keyType !== "rsa" || !isRsaDigest(digest)) {
    throw signing("x509: requested SignatureAlgorithm does not match private key type");
  }
  const { clock, settings, authorities } = world;
  const now = clock.now();
  const client = signRequest(authorities.current, request, {
    usage: ["client"],
    signsOnly: true,
    notBefore: new Date(now),
    notAfter: new Date(now + settings.certificateValidityMs),
    digest,
    ...(settings.serialNumbers === "constant" ? { serialNumber: 2n } : {}),
  });
  const ca = authorities.current.certificate;
  const base64 = (pem: string): string => Buffer.from(pem).toString("base64");
  return { clientCertificate: base64(client), caCertificate: base64(ca), certificateChain: base64(client + ca) };
}

/** Lower-case hex of the SHA-256 of the DER. */
export const certificateFingerprint = (certificate: X509Certificate): string =>
  certificate.fingerprint256.replaceAll(":", "").toLowerCase();

const isRsaDigest = (digest: string | undefined): digest is RsaDigest =>
  digest === "sha256" || digest === "sha384" || digest === "sha512";

function decode(csr: string): string {
  if (csr === "" || !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(csr)) {
    throw new Error(
      "Error while decoding Certificate Signing Request: Error while parsing base64 content. Incorrect value provided.",
    );
  }
  return Buffer.from(csr, "base64").toString("latin1");
}

function describe(request: string): ReturnType<typeof describeRequest> {
  try {
    return describeRequest(request);
  } catch (error) {
    if (error instanceof RequestError && error.reason === "no PEM") throw signing("Error while decoding pem block.");
    if (error instanceof RequestError && error.reason === "signature") throw signing("CSR signature invalid");
    if (error instanceof RequestError || error instanceof NameError) throw signing("Error while parsing CSR");
    throw error;
  }
}

const signing = (reason: string): Error => new Error(`Error while signing Certificate Signing Request: ${reason}`);

const attributeNames = {
  C: "country",
  O: "organization",
  OU: "organizational unit",
  L: "locality",
  ST: "province",
} as const;

function checkSubject(name: Name, clientId: string): void {
  // A name lists its parts in reverse of the certificate, and the first in the certificate counts.
  const first = (type: string): string | undefined =>
    name
      .flat()
      .reverse()
      .find((attribute) => attribute.type === type)?.value;
  if (first("CN") !== clientId) throw signing("CSR: Invalid common name provided.");
  for (const [type, expected] of Object.entries(constants)) {
    const called = attributeNames[type as keyof typeof constants];
    const value = first(type);
    if (value === undefined) throw signing(`CSR: No ${called} provided.`);
    if (value !== expected) throw signing(`CSR: Invalid ${called} provided.`);
  }
}
