import {
  type Client,
  find,
  KubeError,
  type KubeObject,
  type Leftover,
  type Resource,
  removeExactly,
} from "@application-connector/kube";
import { resourceOf } from "../cluster/kinds.ts";
import { isOurs, upstreamObjects } from "./upstream-objects.ts";

export type VersionOf = (group: string, plural: string) => string | undefined;

/** What upstream left in the cluster that is not among the objects that are wanted. */
export async function findObsolete(
  client: Client,
  wanted: readonly KubeObject[],
  versionOf: VersionOf,
  signal: AbortSignal,
): Promise<readonly Leftover[]> {
  const names = new Set(wanted.map(keyOf));
  const candidates = upstreamObjects.filter((object) => !names.has(keyOf(object)));
  const found = await Promise.all(
    candidates.map(async (candidate) => {
      const resource = servedResource(candidate, versionOf);
      if (resource === undefined) return undefined;
      const object = await find(client, resource, candidate.metadata, { signal }).catch(unlessForbidden);
      return object !== undefined && isOurs(object) ? { resource, object } : undefined;
    }),
  );
  return found.filter((leftover) => leftover !== undefined);
}

/** Removes it; returns how much there was. */
export async function removeObsolete(
  client: Client,
  wanted: readonly KubeObject[],
  versionOf: VersionOf,
  signal: AbortSignal,
): Promise<number> {
  const obsolete = await findObsolete(client, wanted, versionOf, signal);
  for (const leftover of obsolete) await removeExactly(client, leftover, { signal });
  return obsolete.length;
}

/** Where the manager has no right to look, as in istio-system of a cluster without Istio, upstream's had none either. */
function unlessForbidden(error: unknown): undefined {
  if (!(error instanceof KubeError && error.isForbidden)) throw error;
}

/** Kinds of others may be served in another version than upstream wrote, or not at all. */
function servedResource(object: KubeObject, versionOf: VersionOf): Resource<KubeObject> | undefined {
  const resource = resourceOf(object);
  if (!resource.group.endsWith("istio.io")) return resource;
  const version = versionOf(resource.group, resource.plural);
  return version === undefined ? undefined : { ...resource, version };
}

const keyOf = ({ apiVersion = "", kind, metadata }: KubeObject): string =>
  [apiVersion.split("/").slice(0, -1).join(), kind, metadata.namespace ?? "", metadata.name].join("/");
