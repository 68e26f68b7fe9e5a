import { appliedState, type KubeObject } from "@application-connector/kube";
import { agentName, fieldManager, gatewayName, validatorName } from "../names.ts";
import { contains } from "./contains.ts";
import type { Seen } from "./look.ts";
import type { Workload } from "./readiness.ts";
import { type Order, orderOf } from "./upgrade-order.ts";

/** The door first: what comes in must still find everything behind it. */
const inOrder = [validatorName, gatewayName, agentName];

/** Decides which workloads have to wait for others. */
export function createRolloutOrder() {
  /** What was applied, and what the server made of it: the same cannot replace any pod once more. */
  const settled = new Map<string, { wanted: string; generation: number | undefined }>();
  const isSettled = ({ object, live }: Seen): boolean => {
    const known = settled.get(object.metadata.name);
    return known?.wanted === JSON.stringify(object) && known.generation === live?.metadata.generation;
  };
  return {
    order(seen: readonly Seen[]): Order {
      const workloads = new Map(
        seen.filter(({ resource }) => resource.kind === "Deployment").map((one) => [one.object.metadata.name, one]),
      );
      return orderOf(
        inOrder.flatMap((name) => {
          const one = workloads.get(name);
          if (one === undefined) return [];
          return [{ name, live: one.live as Workload | undefined, replaces: !isSettled(one) && replacesPods(one) }];
        }),
      );
    },
    /** Hears what was applied, and what is there since. */
    applied(wanted: KubeObject, { metadata: { name, generation } }: KubeObject): void {
      settled.set(name, { wanted: JSON.stringify(wanted), generation });
    },
  };
}

/** Whether applying it would give it other pods, as far as that can be told without trying. */
function replacesPods({ live, object }: Seen): boolean {
  if (live === undefined) return false;
  const { apiVersion = "" } = object;
  return (
    !contains((live as Workload).spec?.template, (object as Workload).spec?.template) ||
    appliedState(live, object, { fieldManager, apiVersion }) === "fields differ"
  );
}
