import type { InboundApplication } from "../applications/application.ts";
import { type Identity, type Rejection, rejection } from "./identity.ts";

const notAccepted = rejection("not_accepted", "the common name is not one that the Application accepts");
const otherTenant = rejection("tenant_mismatch", "no O of the certificate is the Application's tenant");
const otherGroup = rejection("group_mismatch", "no OU of the certificate is the Application's group");

type Conditions = Pick<InboundApplication, "acceptedNames" | "tenant" | "group">;

/** Whether this caller may act as the Application; undefined when it may. */
export function refuses(application: Conditions, identity: Identity): Rejection | undefined {
  if (!application.acceptedNames.has(identity.commonName)) return notAccepted;
  if (application.tenant !== undefined && !identity.organizations.includes(application.tenant)) return otherTenant;
  if (application.group !== undefined && !identity.organizationalUnits.includes(application.group)) return otherGroup;
  return undefined;
}
