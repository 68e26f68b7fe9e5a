import { labelValueFor } from "../names/secret-name.ts";
import type { ApplicationRecord, SecretRecord } from "../records/record.ts";
import type { LiveSecret } from "./live-secret.ts";

/** How a Secret says whose it is. */
export interface SecretIdentity {
  readonly application: string;
  /** Empty unless the label cannot hold the whole name. */
  readonly fullName: string;
}

export function identityOf(application: string): SecretIdentity {
  const label = labelValueFor(application);
  return { application: label, fullName: label === application ? "" : application };
}

/** Whether a Secret is what it should be and belongs to the Application of this uid. */
export function isSettledSecret(
  secret: SecretRecord,
  { application, fullName }: SecretIdentity,
  uid: string | undefined,
  live: LiveSecret | undefined,
): boolean {
  return (
    live !== undefined &&
    live.digest === secret.digest &&
    live.ownerUid === uid &&
    live.bundleId === secret.bundleId &&
    live.application === application &&
    live.fullName === fullName &&
    live.metadata.deletionTimestamp === undefined
  );
}

/** Those of an Application's Secrets that it has no more use for. */
export function leftovers(record: ApplicationRecord, owned: readonly LiveSecret[]): LiveSecret[] {
  const isWanted = ({ metadata: { name } }: LiveSecret): boolean =>
    record.keptSecrets.includes(name) || record.secrets.some((secret) => secret.name === name);
  return owned.filter((live) => !isWanted(live) && live.metadata.deletionTimestamp === undefined);
}
