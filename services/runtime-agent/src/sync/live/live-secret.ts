import { applications } from "@application-connector/crds";
import { type ObjectMeta, type Resource, type Secret, secrets } from "@application-connector/kube";
import { digestOf } from "../digest.ts";
import { applicationAnnotation } from "../mapping/desired.ts";

/** What is kept of a Secret of an Application: no value of it. */
export interface LiveSecret {
  readonly metadata: ObjectMeta;
  /** Labels and annotation that say whose it is. */
  readonly application: string;
  readonly bundleId: string;
  readonly fullName: string;
  /** Uid of the Application that owns it; empty when none does. */
  readonly ownerUid: string;
  /** Of its data. */
  readonly digest: string;
  readonly keys: readonly string[];
}

export const liveSecrets = secrets as unknown as Resource<LiveSecret>;
/** On every Secret of an Application. */
export const bundleLabel = "bundleId";

export function liveSecret({ metadata, data = {} }: Secret): LiveSecret {
  const { name, namespace, uid, resourceVersion, deletionTimestamp, labels = {}, annotations = {} } = metadata;
  const owner = metadata.ownerReferences?.find(
    ({ apiVersion, kind }) => kind === applications.kind && apiVersion.startsWith(`${applications.group}/`),
  );
  return {
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    },
    application: labels["app"] ?? "",
    bundleId: labels[bundleLabel] ?? "",
    fullName: annotations[applicationAnnotation] ?? "",
    ownerUid: owner?.uid ?? "",
    digest: digestOf(data),
    keys: sharedKeys(Object.keys(data)),
  };
}

const known = new Map<string, readonly string[]>();

/** There are four sets of keys in thousands of Secrets. */
function sharedKeys(keys: string[]): readonly string[] {
  const text = keys.sort().join("\n");
  const found = known.get(text);
  if (found !== undefined || known.size > 100) return found ?? keys;
  known.set(text, keys);
  return keys;
}
