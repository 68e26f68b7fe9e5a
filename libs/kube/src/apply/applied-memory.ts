import { createHash } from "node:crypto";
import type { KubeObject } from "../resources/types.ts";
import { ownable } from "./applied-state.ts";
import { projection } from "./projection.ts";

interface Memory {
  uid: string | undefined;
  version: string | undefined;
  desired: string;
  projected: string;
}

/** Remembers, as digests, what was applied to which object and what became of it there. */
export function createAppliedMemory(limit: number) {
  const memories = new Map<string, Memory>();
  return {
    /**
     * What became of the same apply to the same object: nobody has written it since, it is still so, or somebody else
     * changed it. Undefined when this was not what was applied last.
     */
    compare(key: string, live: KubeObject, desired: KubeObject): "untouched" | "kept" | "changed" | undefined {
      const memory = memories.get(key);
      const wanted = ownable(desired);
      if (!memory || memory.uid !== live.metadata.uid || memory.desired !== digest(wanted)) return undefined;
      if (memory.version !== undefined && memory.version === live.metadata.resourceVersion) return "untouched";
      return memory.projected === digest(projection(live, wanted)) ? "kept" : "changed";
    },
    remember(key: string, object: KubeObject, desired: KubeObject): void {
      const wanted = ownable(desired);
      memories.delete(key);
      const { uid, resourceVersion: version } = object.metadata;
      memories.set(key, { uid, version, desired: digest(wanted), projected: digest(projection(object, wanted)) });
      if (memories.size > limit) memories.delete(memories.keys().next().value as string);
    },
    forget: (key: string): void => void memories.delete(key),
  };
}

/** Of a Secret as well: a digest of all of it gives away none of it. */
const digest = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("base64");
