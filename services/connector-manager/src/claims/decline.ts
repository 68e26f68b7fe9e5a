import type { ApplicationConnector } from "@application-connector/crds";
import { type Client, hasFinalizer, removeFinalizer, type StatedStatus } from "@application-connector/kube";
import { finalizer } from "../names.ts";
import { stamped } from "../status/status.ts";
import { storedConnectors, type WriteStatus } from "../status/write-status.ts";
import type { Declined } from "./elect.ts";

/** Tells an object that it is not followed, and lets go of it. */
export async function decline(
  client: Client,
  writeStatus: WriteStatus,
  { object, reason, message }: Declined,
  version: string,
  signal: AbortSignal,
): Promise<void> {
  let current: ApplicationConnector | undefined = object;
  if (hasFinalizer(current, finalizer)) {
    current = await removeFinalizer(client, storedConnectors, current, finalizer, { signal });
  }
  if (current === undefined || current.metadata.deletionTimestamp !== undefined) return;
  await writeStatus(current, statusOf(current, reason, message, version), signal);
}

function statusOf(object: ApplicationConnector, reason: string, message: string, version: string): StatedStatus {
  const { generation } = object.metadata;
  const conditions = ["Installed", "Ready"].map((type) => ({ type, status: "False" as const, reason, message }));
  return {
    state: reason === "InvalidSpec" ? "Error" : "Warning",
    served: "False",
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    version,
    conditions: stamped(generation, conditions),
  };
}
