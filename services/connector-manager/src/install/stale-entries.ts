import type { KubeObject } from "@application-connector/kube";

export interface PatchOperation {
  op: "test" | "replace";
  path: string;
  value?: unknown;
}

/** Lists whose items have names that must differ, but are told apart by something else when they are merged. */
const keyed = new Set(["ports"]);

/**
 * The JSON patch without which an apply cannot succeed: it gives back its number to what somebody renumbered. A port is
 * merged by its number, so that the one that is wanted would come beside the changed one, with the same name, which is
 * refused. The whole entry takes the other's place, so that there is no moment without it. Undefined when nothing is in
 * the way.
 */
export function staleEntriesPatch(live: KubeObject, wanted: KubeObject): readonly PatchOperation[] | undefined {
  const stale = [...staleIn(live, wanted, "")];
  if (stale.length === 0) return undefined;
  const unchanged = { op: "test", path: "/metadata/resourceVersion", value: live.metadata.resourceVersion } as const;
  return [unchanged, ...stale];
}

function* staleIn(live: unknown, wanted: unknown, path: string): Generator<PatchOperation> {
  if (Array.isArray(live) && Array.isArray(wanted)) {
    for (const [index, item] of live.entries()) {
      const namesake = wanted.find((other) => isNamed(item) && isNamed(other) && item.name === other.name);
      if (namesake !== undefined) yield* staleIn(item, namesake, `${path}/${index}`);
    }
    return;
  }
  if (!isFields(live) || !isFields(wanted)) return;
  for (const [name, value] of Object.entries(wanted)) {
    const there = live[name];
    if (keyed.has(name) && Array.isArray(there) && Array.isArray(value)) {
      for (const [index, item] of there.entries()) {
        const instead = namesakeByOtherNumber(item, value);
        if (instead !== undefined) yield { op: "replace", path: `${path}/${name}/${index}`, value: instead };
      }
    } else {
      yield* staleIn(there, value, `${path}/${name}`);
    }
  }
}

/** What is wanted under its name with another number. */
function namesakeByOtherNumber(item: unknown, wanted: readonly unknown[]): unknown {
  const namesake = wanted.find((other) => isNamed(item) && isNamed(other) && item.name === other.name);
  return namesake !== undefined && keyOf(item) !== keyOf(namesake) ? namesake : undefined;
}

function keyOf(item: unknown): string {
  const { port, containerPort, protocol = "TCP" } = item as Record<string, unknown>;
  return `${port ?? containerPort} ${protocol}`;
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isNamed = (item: unknown): item is { name: string } => isFields(item) && typeof item["name"] === "string";
