import { applications } from "@application-connector/crds";
import { type Client, KubeError } from "@application-connector/kube";

/** How many Applications there are, and what some of them are called. */
export interface Existing {
  readonly count: number;
  readonly names: readonly string[];
}

const mostNames = 5;

/** Asks for a handful, and for metadata only: there may be thousands. */
export async function existingApplications(client: Client, signal: AbortSignal): Promise<Existing> {
  try {
    const { items, metadata } = await client.list(applications, { limit: mostNames, metadataOnly: true, signal });
    const count = items.length + (metadata.remainingItemCount ?? 0);
    return { count, names: items.map((item) => item.metadata.name) };
  } catch (error) {
    // Without the definition there is nothing that could be lost.
    if (error instanceof KubeError && error.isNotFound) return { count: 0, names: [] };
    throw error;
  }
}

export function blockedBy({ count, names }: Existing): string {
  const more = count > names.length ? ` and ${count - names.length} more` : "";
  return `${count} ${count === 1 ? "Application exists" : "Applications exist"}: ${names.join(", ")}${more}. Delete them, or set spec.deletionPolicy to Retain or Cascade`;
}
