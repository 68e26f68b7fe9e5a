import { compassconnections } from "@application-connector/crds";
import { type Client, type EventRecorder, find, type KubeObject } from "@application-connector/kube";
import type { Problem } from "../problem.ts";

const connectionName = "compass-connection";
/** The condition tells of the first few as well, and how many there are. */
const mostAtOnce = 5;

/** Tells of applications that have no Application of their own by Events of the connection: once for each problem. */
export function createConnectionReporter(client: Client, events: EventRecorder) {
  let told = new Map<string, string>();
  return {
    async tell(unapplied: ReadonlyMap<string, Problem>): Promise<void> {
      told = new Map([...told].filter(([id]) => unapplied.has(id)));
      const fresh = [...unapplied].filter(([id, { message }]) => told.get(id) !== message).slice(0, mostAtOnce);
      if (fresh.length === 0) return;
      const about = await readConnection(client);
      if (about === undefined) return;
      for (const [id, problem] of fresh) {
        told.set(id, problem.message);
        events.event(about, { type: "Warning", ...problem, action: "Synchronize" });
      }
    },
  };
}

/** Undefined when it cannot be read: an Event is not worth a failure. */
async function readConnection(client: Client): Promise<KubeObject | undefined> {
  const ref = { name: connectionName };
  const found = await find(client, compassconnections, ref, { metadataOnly: true }).catch(() => undefined);
  const { group, version, kind } = compassconnections;
  return found && { ...found, apiVersion: `${group}/${version}`, kind };
}
