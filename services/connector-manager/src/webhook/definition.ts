import {
  type CustomResourceDefinitionObject,
  customResourceDefinitionsResource,
  type Informer,
  type Informers,
  type Resource,
} from "@application-connector/kube";
import { connectorDefinition } from "../names.ts";

/** What the webhook has to know of the ApplicationConnector's definition, and no more: the whole is a hundred kilobytes. */
export interface ConvertedDefinition {
  readonly metadata: CustomResourceDefinitionObject["metadata"];
  readonly conversion: unknown;
  /** Versions beside the stored one: without any there is nothing to convert. */
  readonly isConverted: boolean;
  /** PEM; what API servers believe. */
  readonly trusted: string;
}

export function watchDefinition(informers: Informers): Informer<ConvertedDefinition> {
  const resource = customResourceDefinitionsResource as unknown as Resource<ConvertedDefinition>;
  return informers.informer(resource, {
    fieldSelector: `metadata.name=${connectorDefinition}`,
    transform: (raw) => readDefinition(raw as unknown as CustomResourceDefinitionObject),
  });
}

export function readDefinition({ metadata, spec }: CustomResourceDefinitionObject): ConvertedDefinition {
  const { name, uid = "", resourceVersion = "", deletionTimestamp } = metadata;
  const conversion = spec["conversion"] as { webhook?: { clientConfig?: { caBundle?: string } } } | undefined;
  return {
    metadata: { name, uid, resourceVersion, ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }) },
    conversion,
    isConverted: spec.versions.some(({ served, storage }) => served && !storage),
    trusted: Buffer.from(conversion?.webhook?.clientConfig?.caBundle ?? "", "base64").toString(),
  };
}
