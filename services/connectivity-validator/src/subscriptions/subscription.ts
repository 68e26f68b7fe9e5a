import type { ObjectMeta, Resource } from "@application-connector/kube";
import { standardSubject } from "./event-subject.ts";

/** Eventing's custom resource, as far as it matters here. Nothing is trusted to be there: its schema is not ours. */
export interface Subscription {
  readonly metadata: ObjectMeta;
  readonly spec?: { readonly source?: unknown; readonly types?: unknown; readonly typeMatching?: unknown };
}

export const subscriptions: Resource<Subscription> = {
  group: "eventing.kyma-project.io",
  version: "v1alpha2",
  plural: "subscriptions",
  kind: "Subscription",
  namespaced: true,
};

/** The subjects that it waits for. */
export function subjectsOf({ spec }: Subscription, typeLabelOf: (name: string) => string | undefined): string[] {
  const source = typeof spec?.source === "string" ? spec.source : "";
  const types = Array.isArray(spec?.types) ? spec.types.filter((type) => typeof type === "string") : [];
  if (spec?.typeMatching === "exact") return types.map((type) => `kyma.${type}`);
  // A Subscription may name an Application or the label that stands for it.
  const names = new Set([source, typeLabelOf(source) ?? source]);
  return types.flatMap((type) => [...names].flatMap((name) => standardSubject(name, type) ?? []));
}

/** What is kept of it in memory. */
export function keepOfSubscription({ metadata, spec }: Subscription): Subscription {
  const { name, namespace, uid, resourceVersion } = metadata;
  const kept = {
    name,
    ...(namespace && { namespace }),
    ...(uid && { uid }),
    ...(resourceVersion && { resourceVersion }),
  };
  return { metadata: kept, spec: { source: spec?.source, types: spec?.types, typeMatching: spec?.typeMatching } };
}
