import { type ApplicationConnector, applicationconnectors } from "@application-connector/crds";
import {
  type Applier,
  applyStatus,
  type EventRecorder,
  findCondition,
  type Informer,
  type Resource,
  type StatedStatus,
} from "@application-connector/kube";

/** Of these the changes are told as Events; the others would tell the same again. */
const toldTypes = ["Installed", "Deleted"] as const;

/** The objects as they are stored, whatever they look like: one that cannot be read still gets a status. */
export const storedConnectors: Resource<ApplicationConnector> = withoutValidator(applicationconnectors);

function withoutValidator({
  validate: _,
  ...resource
}: Resource<ApplicationConnector>): Resource<ApplicationConnector> {
  return resource;
}

export type WriteStatus = (
  object: ApplicationConnector,
  status: StatedStatus,
  signal: AbortSignal,
) => Promise<ApplicationConnector>;

/** Writes a status when it says something new, waits until the cache knows, and then tells what changed. */
export function statusWriter(
  applier: Applier,
  cache: Pick<Informer<ApplicationConnector>, "expect">,
  events: EventRecorder,
): WriteStatus {
  return async (object, status, signal) => {
    const { object: written, changed } = await applyStatus(applier, storedConnectors, object, status, { signal });
    if (!changed) return written;
    const { name, namespace = "" } = written.metadata;
    await cache.expect({ name, namespace }, written.metadata.resourceVersion ?? "");
    for (const type of toldTypes) {
      const before = findCondition(object.status?.conditions, type);
      const now = findCondition(written.status?.conditions, type);
      if (now === undefined) continue;
      if (before?.status === now.status && before.reason === now.reason && before.message === now.message) continue;
      events.event(
        { ...written, apiVersion: "operator.kyma-project.io/v1alpha1", kind: "ApplicationConnector" },
        {
          type: now.status === "False" ? "Warning" : "Normal",
          reason: now.reason ?? type,
          message: `${now.message ?? ""}: ${namespace}/${name}`,
        },
      );
    }
    return written;
  };
}
