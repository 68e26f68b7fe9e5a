import { type Application, applications } from "@application-connector/crds";
import type { Condition, ObjectMeta, Resource } from "@application-connector/kube";
import { digestOf } from "../digest.ts";
import { fieldManager, formationsAnnotation, managedByLabel, pausedAnnotation } from "../mapping/desired.ts";

/** What is kept of an Application of the cluster: enough to know whether it has to be written. */
export interface LiveApplication {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  /** It has `compassMetadata`: it is UCL's, not its users'. */
  readonly isManaged: boolean;
  /** Of which application in the Director; empty when it does not say. */
  readonly applicationId: string;
  readonly isPaused: boolean;
  /** Of what the agent decides about it; comparable with that of a record. */
  readonly digest: string;
  /** Keys of labels that we set, beside the one that says who manages it. */
  readonly ownLabels: readonly string[];
  /** Secrets its entries refer to. */
  readonly secretNames: readonly string[];
  readonly synced: Condition | undefined;
}

const { validate: _, ...unchecked } = applications;

/** Malformed ones as well: one that is left out would look as if it were not there. */
export const liveApplications = unchecked as unknown as Resource<LiveApplication>;

/** The type of the condition that says whether an Application is as UCL describes it. */
export const syncedCondition = "Synced";

export function liveApplication(object: Application): LiveApplication {
  const {
    name,
    uid,
    resourceVersion,
    deletionTimestamp,
    labels = {},
    annotations = {},
    managedFields,
  } = object.metadata;
  const spec = fieldsOf(object.spec);
  const isManaged = spec["compassMetadata"] !== undefined && spec["compassMetadata"] !== null;
  const ownLabels = isManaged ? labelsOwnedBy(managedFields) : [];
  const conditions = fieldsOf(object.status)["conditions"];
  return {
    apiVersion: `${applications.group}/${applications.version}`,
    kind: applications.kind,
    metadata: {
      name,
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    },
    isManaged,
    applicationId: textOf(fieldsOf(spec["compassMetadata"])["applicationId"]),
    isPaused: annotations[pausedAnnotation] === "true",
    digest: isManaged ? digestOf(decided(spec, labels, annotations, ownLabels)) : "",
    ownLabels,
    secretNames: isManaged ? secretsIn(spec["services"]) : [],
    synced: isList(conditions) ? (conditions.find(isSynced) as Condition | undefined) : undefined,
  };
}

/** The part of it that the agent decides, in the shape of a record's body. */
export function decided(
  spec: Fields,
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
  ownLabels: readonly string[],
): object {
  const { description, services, compassMetadata } = spec as Record<string, unknown>;
  const own = Object.fromEntries([managedByLabel, ...ownLabels].map((key) => [key, labels[key]]));
  return {
    labels: own,
    annotations: { [formationsAnnotation]: annotations[formationsAnnotation] },
    spec: {
      description,
      labels: { "connected-app": fieldsOf(spec["labels"])["connected-app"] },
      services,
      compassMetadata,
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

const isList = (value: unknown): value is unknown[] => Array.isArray(value);
const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !isList(value) ? (value as Fields) : {};
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const isSynced = (condition: unknown): boolean => fieldsOf(condition)["type"] === syncedCondition;

function labelsOwnedBy(managedFields: ObjectMeta["managedFields"]): string[] {
  const ours = (managedFields ?? []).filter(
    ({ manager, subresource = "" }) => manager === fieldManager && subresource === "",
  );
  const keys = ours.flatMap(({ fieldsV1 }) =>
    Object.keys(fieldsOf(fieldsOf(fieldsOf(fieldsV1)["f:metadata"])["f:labels"])).filter((key) => key.startsWith("f:")),
  );
  return [...new Set(keys.map((key) => key.slice("f:".length)))].filter((key) => key !== managedByLabel).sort();
}

function secretsIn(services: unknown): string[] {
  const names = new Set<string>();
  for (const service of isList(services) ? services : []) {
    const { entries } = fieldsOf(service);
    for (const entry of isList(entries) ? entries : []) {
      const { credentials, requestParametersSecretName } = fieldsOf(entry);
      names.add(textOf(fieldsOf(credentials)["secretName"])).add(textOf(requestParametersSecretName));
    }
  }
  names.delete("");
  return [...names];
}
