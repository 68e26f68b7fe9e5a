import { type Family, joinFamilies } from "../metrics/families.ts";
import type { WorkerProcess } from "./worker-process.ts";

/**
 * What workers have counted. A sum of counters must never fall, or it looks like a program that has begun anew: so what
 * one has counted that has died, or does not answer at the moment, counts on as it was told last.
 */
export class Counted {
  private ofGone: Family[] = [];
  private readonly last = new Map<WorkerProcess, readonly Family[]>();

  /** Metrics of all, where undefined stands for no answer. */
  join(all: readonly (readonly [WorkerProcess, readonly Family[] | undefined])[]): Family[] {
    const told = all.map(([worker, families]) => {
      if (families === undefined) return this.last.get(worker) ?? [];
      this.last.set(worker, families.filter(isCounted));
      return families;
    });
    return joinFamilies([...told, this.ofGone]);
  }

  /** It will not answer any more. */
  forget(worker: WorkerProcess): void {
    this.ofGone = joinFamilies([this.ofGone, this.last.get(worker) ?? []]);
    this.last.delete(worker);
  }
}

const isCounted = ({ type, aggregate }: Family): boolean =>
  aggregate === "sum" && (type === "counter" || type === "histogram");
