import type { Resource } from "./resource.ts";

/** The `apiVersion` of a resource's objects. */
export const apiVersionOf = ({ group, version }: Resource<unknown>): string =>
  group === "" ? version : `${group}/${version}`;
