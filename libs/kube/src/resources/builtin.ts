import type { Resource } from "./resource.ts";
import type {
  ConfigMap,
  CoreEvent,
  CustomResourceDefinitionObject,
  Event,
  KubeObject,
  Lease,
  Namespace,
  NetworkPolicy,
  Secret,
  SubjectAccessReview,
  TokenReview,
} from "./types.ts";

const core = { group: "", version: "v1" } as const;

export const secrets: Resource<Secret> = { ...core, plural: "secrets", kind: "Secret", namespaced: true };
export const configMaps: Resource<ConfigMap> = { ...core, plural: "configmaps", kind: "ConfigMap", namespaced: true };
export const namespaces: Resource<Namespace> = { ...core, plural: "namespaces", kind: "Namespace", namespaced: false };
/** Events in their old shape; the same objects as {@link events}. */
export const coreEvents: Resource<CoreEvent> = { ...core, plural: "events", kind: "Event", namespaced: true };
export const services: Resource<KubeObject> = { ...core, plural: "services", kind: "Service", namespaced: true };
export const serviceAccounts: Resource<KubeObject> = {
  ...core,
  plural: "serviceaccounts",
  kind: "ServiceAccount",
  namespaced: true,
};

export const deployments: Resource<KubeObject> = {
  group: "apps",
  version: "v1",
  plural: "deployments",
  kind: "Deployment",
  namespaced: true,
};

export const events: Resource<Event> = {
  group: "events.k8s.io",
  version: "v1",
  plural: "events",
  kind: "Event",
  namespaced: true,
};

export const leases: Resource<Lease> = {
  group: "coordination.k8s.io",
  version: "v1",
  plural: "leases",
  kind: "Lease",
  namespaced: true,
};

export const networkPolicies: Resource<NetworkPolicy> = {
  group: "networking.k8s.io",
  version: "v1",
  plural: "networkpolicies",
  kind: "NetworkPolicy",
  namespaced: true,
};

export const customResourceDefinitionsResource: Resource<CustomResourceDefinitionObject> = {
  group: "apiextensions.k8s.io",
  version: "v1",
  plural: "customresourcedefinitions",
  kind: "CustomResourceDefinition",
  namespaced: false,
};

export const tokenReviews: Resource<TokenReview> = {
  group: "authentication.k8s.io",
  version: "v1",
  plural: "tokenreviews",
  kind: "TokenReview",
  namespaced: false,
};

export const subjectAccessReviews: Resource<SubjectAccessReview> = {
  group: "authorization.k8s.io",
  version: "v1",
  plural: "subjectaccessreviews",
  kind: "SubjectAccessReview",
  namespaced: false,
};
