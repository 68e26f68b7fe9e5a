import { type Client, KubeError } from "@application-connector/kube";
import type { Prepared } from "./prepare.ts";

/** Servers before 1.30 lack these: what is of them warns people, and nothing depends on it. */
const optional = "admissionregistration.k8s.io";

/** Leaves out objects of kinds that the server does not have. Asked once: a server that is replaced has clients reconnect. */
export function createServed(client: Client) {
  let isServed: boolean | undefined;
  return async (prepared: readonly Prepared[], signal: AbortSignal): Promise<readonly Prepared[]> => {
    const example = prepared.find(({ resource }) => resource.group === optional);
    if (example === undefined) return prepared;
    isServed ??= await client.list(example.resource, { limit: 1, metadataOnly: true, signal }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof KubeError && error.isNotFound) return false;
        throw error;
      },
    );
    return isServed ? prepared : prepared.filter(({ resource }) => resource.group !== optional);
  };
}
