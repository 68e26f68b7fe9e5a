import { type KeyObject, X509Certificate } from "node:crypto";
import { type Asn1, encode, raw } from "./asn1.ts";
import { type IssuerParts, issuerParts, signCertificate, validity } from "./certificate.ts";
import { encodeName } from "./encode-name.ts";
import { authorityExtensions, leafExtensions } from "./extensions.ts";
import {
  generateKey,
  type KeyType,
  keyFromPem,
  keyIdentifier,
  keyToPem,
  publicKeyInfo,
  type RsaDigest,
} from "./keys.ts";
import type { Name } from "./name.ts";
import { fromPem, toPem } from "./pem.ts";
import { type RevocationListOptions, signRevocationList } from "./revocation-list.ts";

const AUTHORITY_DAYS = 3650;
const LEAF_DAYS = 365;

/** A certificate and its private key, both PEM; the key is PKCS#8. */
export interface Issued {
  certificate: string;
  key: string;
}

export interface Validity {
  days?: number;
  notBefore?: Date;
  notAfter?: Date;
}

/** The names and the time of a certificate for one end of a TLS connection. */
export interface LeafOptions extends Validity {
  /** Empty: no restriction is written, which leaves every use open. */
  usage: ("client" | "server" | "any" | "mail")[];
  dnsNames?: string[];
  ipAddresses?: string[];
  uris?: string[];
  /** The key is for signatures alone; an RSA key is for encipherment as well otherwise. */
  signsOnly?: boolean;
  /** A random one unless given, as it should be. */
  serialNumber?: bigint;
  /** The digest that an RSA authority signs with; SHA-256 unless given. */
  digest?: RsaDigest;
}

export interface IssueRequest extends LeafOptions {
  /** A name, or its text as {@link parseName} reads it: the common name usually comes first. */
  subject: Name | string;
  /** Kind of the key that is made; P-256 unless told. */
  keyType?: KeyType;
  /** PKCS#8 PEM of a key to use instead of a fresh one. */
  key?: string;
}

export interface Authority extends Issued {
  /** What a TLS server sends after its own certificate: this one and those above it, without the root. */
  readonly chain: string;
  issue(request: IssueRequest): Issued;
  /** PEM of the list of the certificates that it has taken back. */
  revocationList(options: RevocationListOptions): string;
  /** An authority whose certificate this one signs. */
  intermediate(subject: Name | string, options?: AuthorityOptions): Authority;
  /** A certificate for a key that is not ours: what {@link signRequest} builds on. */
  certify(subject: Asn1, publicKey: Uint8Array, isRsa: boolean, options: LeafOptions): string;
}

export interface AuthorityOptions extends Validity {
  keyType?: KeyType;
}

/** A new root authority with a self-signed certificate. */
export function createAuthority(options: AuthorityOptions & { subject: Name | string }): Authority {
  const key = generateKey(options.keyType ?? "ec");
  const name = encodeName(options.subject);
  return loadAuthority({ certificate: authorityCertificate(name, key, options), key: keyToPem(key) });
}

/** An authority from what {@link createAuthority} made earlier, or from any CA pair; `above` is its own chain. */
export function loadAuthority({ certificate, key }: Issued, above = ""): Authority {
  const [der] = fromPem(certificate, "CERTIFICATE");
  if (der === undefined) throw new TypeError("the authority's certificate is no PEM certificate");
  const signer = keyFromPem(key);
  const parsed = new X509Certificate(der);
  if (!parsed.checkPrivateKey(signer)) throw new TypeError("the authority's key does not belong to its certificate");
  const issuer = { ...issuerParts(der), key: signer };
  const isRoot = parsed.issuer === parsed.subject;
  const chain = isRoot ? "" : toPem("CERTIFICATE", der) + above;

  const certify: Authority["certify"] = (subject, publicKey, isRsa, options) =>
    leafCertificate(issuer, subject, { publicKey, isRsa }, options);
  return {
    certificate,
    key,
    chain,
    certify,
    issue: (request) => {
      const own = request.key === undefined ? generateKey(request.keyType ?? "ec") : keyFromPem(request.key);
      const isRsa = own.asymmetricKeyType === "rsa";
      return {
        certificate: certify(encodeName(request.subject), publicKeyInfo(own), isRsa, request),
        key: keyToPem(own),
      };
    },
    revocationList: (options) => toPem("X509 CRL", signRevocationList(issuer, options)),
    intermediate: (subject, options = {}) => {
      const own = generateKey(options.keyType ?? "ec");
      const pem = authorityCertificate(encodeName(subject), own, options, issuer);
      return loadAuthority({ certificate: pem, key: keyToPem(own) }, chain);
    },
  };
}

type Issuer = IssuerParts & { key: KeyObject };

/** Without an issuer the certificate signs itself. */
function authorityCertificate(subject: Asn1, key: KeyObject, options: AuthorityOptions, issuer?: Issuer): string {
  const publicKey = publicKeyInfo(key);
  const der = signCertificate(
    {
      issuer: issuer === undefined ? subject : raw(issuer.subject),
      subject,
      publicKey,
      ...validity({ days: AUTHORITY_DAYS, ...options }),
      extensions: authorityExtensions(keyIdentifier(publicKey), issuer?.keyIdentifier),
    },
    issuer?.key ?? key,
  );
  return toPem("CERTIFICATE", der);
}

function leafCertificate(
  issuer: Issuer,
  subject: Asn1,
  holder: { publicKey: Uint8Array; isRsa: boolean },
  options: LeafOptions,
): string {
  const facts = {
    keyIdentifier: keyIdentifier(holder.publicKey),
    isRsa: holder.isRsa,
    // An empty SEQUENCE is two bytes.
    subjectIsEmpty: encode(subject).length === 2,
  };
  const der = signCertificate(
    {
      issuer: raw(issuer.subject),
      subject,
      publicKey: holder.publicKey,
      ...validity({ days: LEAF_DAYS, ...options }),
      extensions: leafExtensions(options, facts, issuer.keyIdentifier),
      serialNumber: options.serialNumber,
      digest: options.digest,
    },
    issuer.key,
  );
  return toPem("CERTIFICATE", der);
}
