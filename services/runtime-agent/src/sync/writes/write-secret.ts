import { applications } from "@application-connector/crds";
import { type Client, type Secret, secrets } from "@application-connector/kube";
import type { SecretIdentity } from "../live/diff-secrets.ts";
import { bundleLabel, type LiveSecret } from "../live/live-secret.ts";
import { applicationAnnotation, fieldManager } from "../mapping/desired.ts";
import { dataOf, type SecretRecord } from "../records/record.ts";
import { deleteExactly } from "./delete-exactly.ts";

export interface Owner {
  readonly name: string;
  readonly uid: string;
}

export async function createSecret(
  client: Client,
  namespace: string,
  secret: SecretRecord,
  identity: SecretIdentity,
  owner: Owner,
): Promise<void> {
  const object: Secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: secret.name, namespace, ...belonging(secret, identity, owner) },
    type: "Opaque",
    data: dataOf(secret),
  };
  await client.create(secrets, object, { fieldManager });
}

/** Its whole data, and whose it is; labels and annotations of others stay. Refused when it changed since it was read. */
export async function updateSecret(
  client: Client,
  live: LiveSecret,
  secret: SecretRecord,
  identity: SecretIdentity,
  owner: Owner,
): Promise<void> {
  const { name, namespace, uid, resourceVersion } = live.metadata;
  const stale = Object.fromEntries(live.keys.map((key) => [key, null]));
  const patch = {
    metadata: { uid, resourceVersion, ...belonging(secret, identity, owner) },
    data: { ...stale, ...dataOf(secret) },
  };
  await client.patch(secrets, { name, namespace }, patch, {
    contentType: "application/merge-patch+json",
    fieldManager,
  });
}

/** Only this very object; one that is gone is as it should be. */
export async function deleteSecret(client: Client, live: LiveSecret): Promise<void> {
  await deleteExactly(client, secrets, live.metadata);
}

function belonging({ bundleId }: SecretRecord, { application, fullName }: SecretIdentity, { name, uid }: Owner) {
  return {
    labels: { app: application, [bundleLabel]: bundleId },
    ...(fullName === "" ? {} : { annotations: { [applicationAnnotation]: fullName } }),
    ownerReferences: [
      { apiVersion: `${applications.group}/${applications.version}`, kind: applications.kind, name, uid },
    ],
  };
}
