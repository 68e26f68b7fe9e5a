import {
  type Client,
  find,
  KubeError,
  type KubeObject,
  type ObjectMeta,
  type Resource,
} from "@application-connector/kube";

/**
 * Deletes one object and never another that took its name. Being gone is what is wanted.
 *
 * @throws {KubeError} a conflict when it is still there: somebody else was at it
 */
export async function deleteExactly<T extends KubeObject>(
  client: Client,
  resource: Resource<T>,
  { name, namespace, uid }: ObjectMeta,
): Promise<void> {
  try {
    await client.delete(resource, { name, namespace }, uid === undefined ? {} : { preconditions: { uid } });
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    if (error.isNotFound) return;
    const now = error.isConflict ? await find(client, resource, { name, namespace }) : undefined;
    if (!error.isConflict || now?.metadata.uid === uid) throw error;
  }
}
