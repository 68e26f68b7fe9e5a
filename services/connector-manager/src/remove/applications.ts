import { applications } from "@application-connector/crds";
import { type Client, customResourceDefinitionsResource, find, KubeError } from "@application-connector/kube";

/** How many Applications there are, and what some of them are called. */
export interface Existing {
  readonly count: number;
  readonly names: readonly string[];
}

const mostNames = 5;
const definitionName = `${applications.plural}.${applications.group}`;

/**
 * Why nothing may be removed that Applications need; undefined when there are none. Asks for a handful, and for metadata
 * only: there may be thousands.
 */
export async function applicationsInTheWay(client: Client, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { items, metadata } = await client.list(applications, { limit: mostNames, metadataOnly: true, signal });
    const count = items.length + (metadata.remainingItemCount ?? 0);
    return count === 0 ? undefined : blockedBy({ count, names: items.map((item) => item.metadata.name) });
  } catch (error) {
    if (!(error instanceof KubeError && error.isNotFound)) throw error;
    // Without the definition there is nothing that could be lost; one that is not served may have objects all the same.
    const definition = await find(client, customResourceDefinitionsResource, { name: definitionName }, { signal });
    return definition && `CustomResourceDefinition ${definitionName} does not serve ${applications.version}: ${unseen}`;
  }
}

const unseen =
  "whether there are Applications cannot be seen. Serve it, or set spec.deletionPolicy to Retain or Cascade";

export function blockedBy({ count, names }: Existing): string {
  const more = count > names.length ? ` and ${count - names.length} more` : "";
  return `${count} ${count === 1 ? "Application exists" : "Applications exist"}: ${names.join(", ")}${more}. Delete them, or set spec.deletionPolicy to Retain or Cascade`;
}
