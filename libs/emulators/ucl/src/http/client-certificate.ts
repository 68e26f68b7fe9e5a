import type { X509Certificate } from "node:crypto";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { certificateFingerprint } from "../connector/certificates.ts";

/** The certificate that a client presented, whoever signed it. */
export interface ClientCertificate {
  certificate: X509Certificate;
  fingerprint: string;
  /** How many certificates it sent along, its own included. */
  chainLength: number;
}

const known = new WeakMap<Socket, ClientCertificate | undefined>();

export function clientCertificateOf(socket: Socket): ClientCertificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  if (!known.has(socket)) known.set(socket, read(socket));
  return known.get(socket);
}

function read(socket: TLSSocket): ClientCertificate | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  const seen = new Set<string>();
  let next: X509Certificate | undefined = certificate;
  while (next !== undefined && !seen.has(next.fingerprint256)) {
    seen.add(next.fingerprint256);
    next = next.issuerCertificate;
  }
  return { certificate, fingerprint: certificateFingerprint(certificate), chainLength: seen.size };
}
