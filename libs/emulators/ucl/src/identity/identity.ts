import type { X509Certificate } from "node:crypto";
import { commonName, NameError, readSubject } from "@application-connector/x509";
import { certificateFingerprint } from "../connector/certificates.ts";
import type { SystemAuth } from "../model/records.ts";
import type { World } from "../world.ts";

/** Who calls the Director. */
export interface Caller {
  type: "RUNTIME" | "APPLICATION" | "USER";
  /** Id of the runtime, the application or the user. */
  id: string;
  tenantId: string;
  scopes: ReadonlySet<string>;
}

const scopesOfSystems = {
  RUNTIME: new Set([
    "runtime:read",
    "runtime:write",
    "application:read",
    "runtime.auths:read",
    "bundle.instance_auths:read",
  ]),
  APPLICATION: new Set(["application:read", "application:write", "application.auths:read"]),
} as const;

export const callerOf = (auth: SystemAuth): Caller => ({
  type: auth.type,
  id: auth.objectId,
  tenantId: auth.tenantId,
  scopes: scopesOfSystems[auth.type],
});

/** The system auth that a client certificate belongs to, or why it belongs to none. */
export function authOfCertificate(world: World, certificate: X509Certificate | undefined): SystemAuth | string {
  if (certificate === undefined) return "no client certificate";
  const now = world.clock.now();
  if (!world.authorities.signed(certificate)) return "the certificate is from somebody else";
  // Certificates count whole seconds, and one that begins now must be good now.
  if (certificate.validFromDate.getTime() > now + 1000) return "the certificate is not valid yet";
  if (certificate.validToDate.getTime() <= now) return "the certificate has expired";
  if (world.model.revoked.has(certificateFingerprint(certificate))) return "the certificate was revoked";
  const id = clientIdOf(certificate);
  return (
    (id === undefined ? undefined : world.model.systemAuths.get(id)) ?? "the certificate belongs to no system auth"
  );
}

function clientIdOf(certificate: X509Certificate): string | undefined {
  try {
    return commonName(readSubject(certificate.raw));
  } catch (error) {
    if (error instanceof NameError) return undefined;
    throw error;
  }
}
