import { type Client, type EventRecorder, find, type KubeObject, type Resource } from "@application-connector/kube";
import type { Problem } from "../problem.ts";

const connections: Resource<KubeObject> = {
  group: "compass.kyma-project.io",
  version: "v1alpha1",
  plural: "compassconnections",
  kind: "CompassConnection",
  namespaced: false,
};
const connectionName = "compass-connection";
/** The condition tells of the first few as well, and how many there are. */
const mostAtOnce = 5;

/** Tells of applications that have no Application of their own by Events of the connection: once for each problem. */
export function createConnectionReporter(client: Client, events: EventRecorder) {
  let told = new Map<string, string>();
  return {
    async tell(unapplied: ReadonlyMap<string, Problem>): Promise<void> {
      const fresh = [...unapplied.entries()].filter(([id, { message }]) => told.get(id) !== message);
      const now = fresh.slice(0, mostAtOnce);
      told = new Map([...told].filter(([id]) => unapplied.has(id)));
      if (now.length === 0) return;
      const about = await find(client, connections, { name: connectionName }, { metadataOnly: true }).catch(
        () => undefined,
      );
      if (about === undefined) return;
      for (const [id, problem] of now) {
        told.set(id, problem.message);
        const { group, version, kind } = connections;
        const reference = { ...about, apiVersion: `${group}/${version}`, kind };
        events.event(reference, { type: "Warning", ...problem, action: "Synchronize" });
      }
    },
  };
}
