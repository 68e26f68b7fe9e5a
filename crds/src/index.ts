export type { CustomResourceDefinition, CustomResourceVersion, PrinterColumn } from "./custom-resource-definition.ts";
export { firstMistake } from "./first-mistake.ts";
export * from "./generated/applicationconnectors.ts";
export * from "./generated/applications.ts";
export * from "./generated/compassconnections.ts";
export { customResourceDefinitions } from "./generated/custom-resource-definitions.ts";
export type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from "./object-meta.ts";
export type { Resource } from "./resource.ts";
export { type Schema, walkSchema } from "./schema.ts";
