import { type Client, KubeError, type Resource } from "@application-connector/kube";

export type WriteCount = (kind: string, verb: string, result: string) => void;

/** Counts what a client writes, by how it ended: `ok`, or the reason the server gave. */
export function countWrites(client: Client, count: WriteCount): Client {
  const counted = async <R>(resource: Resource<unknown>, verb: string, write: Promise<R>): Promise<R> => {
    try {
      const result = await write;
      count(resource.kind, verb, "ok");
      return result;
    } catch (error) {
      count(resource.kind, verb, error instanceof KubeError ? error.reason || String(error.status) : "Error");
      throw error;
    }
  };
  return Object.defineProperties(
    {
      create: (resource, object, options) => counted(resource, "create", client.create(resource, object, options)),
      replace: (resource, object, options) => counted(resource, "update", client.replace(resource, object, options)),
      apply: (resource, object, options) => counted(resource, "apply", client.apply(resource, object, options)),
      patch: (resource, ref, body, options) => counted(resource, "patch", client.patch(resource, ref, body, options)),
      delete: (resource, ref, options) => counted(resource, "delete", client.delete(resource, ref, options)),
    } satisfies Partial<Client>,
    without(Object.getOwnPropertyDescriptors(client), ["create", "replace", "apply", "patch", "delete"]),
  ) as Client;
}

function without(descriptors: PropertyDescriptorMap, names: readonly string[]): PropertyDescriptorMap {
  return Object.fromEntries(Object.entries(descriptors).filter(([name]) => !names.includes(name)));
}
