export type { ObjectMeta, Resource } from "@application-connector/crds";
