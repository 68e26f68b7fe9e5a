import {
  type CustomResourceDefinitionObject,
  customResourceDefinitionsResource,
  type Informer,
  type Informers,
  mapped,
  type Request,
  type Resource,
  type Source,
} from "@application-connector/kube";
import { foreignDefinitions } from "./kinds.ts";

/** Which of the kinds that others install there are, and in which version. */
export interface ForeignKinds {
  /** The version in which to write it; undefined when it is not served. */
  versionOf(group: string, plural: string): string | undefined;
  readonly informers: readonly Informer<ServedDefinition>[];
  sources(request: Request): Source[];
}

/** What is kept of a definition. */
interface ServedDefinition {
  metadata: CustomResourceDefinitionObject["metadata"];
  versions: readonly string[];
}

/** In this order: a version that every release serves goes before one that only some do. */
const preferred = ["v1beta1", "v1"];

/** One watch for each by its name: a cluster may have hundreds of definitions, of a megabyte each. */
export function watchForeignKinds(all: Informers): ForeignKinds {
  const informers = new Map(
    foreignDefinitions.map((name) => [
      name,
      all.informer(definitions, { fieldSelector: `metadata.name=${name}`, transform: servedVersions }),
    ]),
  );
  return {
    versionOf(group, plural) {
      const name = `${plural}.${group}`;
      const versions = informers.get(name)?.get(name)?.versions ?? [];
      // The Gateway API never had a v1beta1 with everything that is needed.
      const order = group === "gateway.networking.k8s.io" ? ["v1"] : preferred;
      return order.find((version) => versions.includes(version));
    },
    informers: [...informers.values()],
    sources: (request) => [...informers.values()].map((informer) => mapped(informer, () => [request])),
  };
}

const definitions = customResourceDefinitionsResource as unknown as Resource<ServedDefinition>;

const servedVersions = (raw: ServedDefinition): ServedDefinition => {
  const { metadata, spec, status } = raw as unknown as CustomResourceDefinitionObject;
  const isLeaving = metadata.deletionTimestamp !== undefined;
  const isEstablished = status?.conditions?.some(({ type, status }) => type === "Established" && status === "True");
  const { name, uid = "", resourceVersion = "" } = metadata;
  return {
    metadata: { name, uid, resourceVersion },
    versions: isLeaving || !isEstablished ? [] : spec.versions.filter(({ served }) => served).map(({ name }) => name),
  };
};
