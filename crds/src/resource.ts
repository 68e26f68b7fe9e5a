/** Where a kind of object lives in the Kubernetes API, and what its objects look like. */
export interface Resource<T> {
  group: string;
  version: string;
  plural: string;
  kind: string;
  namespaced: boolean;
  /** The first mistake in an object, naming its path; undefined when it is a `T`. */
  validate?: (object: unknown) => string | undefined;
  /** Never set: ties the resource to the type of its objects. */
  readonly _type?: T;
}
