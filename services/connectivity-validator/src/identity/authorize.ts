import type { InboundApplication } from "../applications/application.ts";
import { type Identity, type Rejection, rejection } from "./identity.ts";

const notAccepted = rejection("not_accepted", "the common name is not one that the Application accepts");
const otherTenant = rejection("tenant_mismatch", "no O of the certificate is the Application's tenant");
const otherGroup = rejection("group_mismatch", "no OU of the certificate is the Application's group");

const notPinned = rejection(
  "certificate_not_pinned",
  "the certificate is none of those that the Application is bound to",
);

type Conditions = Pick<InboundApplication, "acceptedNames" | "tenant" | "group"> & {
  readonly settings: Pick<InboundApplication["settings"], "certSha256">;
};

/** Whether this caller may act as the Application; undefined when it may. */
export function refuses(application: Conditions, identity: Identity): Rejection | undefined {
  if (!application.acceptedNames.has(identity.commonName)) return notAccepted;
  if (application.tenant !== undefined && !identity.organizations.includes(application.tenant)) return otherTenant;
  if (application.group !== undefined && !identity.organizationalUnits.includes(application.group)) return otherGroup;
  const { certSha256 } = application.settings;
  if (certSha256 !== undefined && !certSha256.has(identity.certSha256 ?? "")) return notPinned;
  return undefined;
}
