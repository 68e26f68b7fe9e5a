import { type Application, applications } from "@application-connector/crds";
import type { Resource } from "@application-connector/kube";
import { ownAnnotations } from "../settings/read-settings.ts";
import { memoOf } from "./known-conditions.ts";

/** What the cache keeps of an Application. */
export interface KnownApplication extends Application {
  /** What its conditions say; see `known-conditions.ts`. */
  readonly memo?: string;
}

export const knownApplications: Resource<KnownApplication> = applications;

/** Takes away what would only cost memory: managed fields, other tools' annotations and conditions. */
export function keepOfApplication({ apiVersion, kind, metadata, spec, status }: KnownApplication): KnownApplication {
  const { name, uid, resourceVersion, generation } = metadata;
  const annotations = ownAnnotations(metadata.annotations);
  const kept = given({ uid, resourceVersion, generation, annotations });
  return { ...given({ apiVersion, kind }), metadata: { name, ...kept }, ...given({ spec, memo: memoOf(status) }) };
}

function given<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
