import { type Fields, fieldsAt, listAt, MalformedError, textAt } from "./decode.ts";

/** One page of a list, as every paged field of the Director answers it. */
export interface Page {
  readonly items: readonly unknown[];
  readonly totalCount: number;
  /** Where the next page begins; undefined on the last one. */
  readonly next: string | undefined;
}

export function pageAt(value: unknown, place: string): Page {
  const page = fieldsAt(value, place);
  const items = listAt(page["data"], `${place}.data`);
  const { totalCount } = page;
  if (typeof totalCount !== "number" || !Number.isSafeInteger(totalCount) || totalCount < 0) {
    throw new MalformedError(`${place}.totalCount is no count`);
  }
  return { items, totalCount, next: nextOf(fieldsAt(page["pageInfo"], `${place}.pageInfo`), place) };
}

function nextOf(info: Fields, place: string): string | undefined {
  const { hasNextPage } = info;
  if (typeof hasNextPage !== "boolean")
    throw new MalformedError(`${place}.pageInfo.hasNextPage is neither true nor false`);
  return hasNextPage ? textAt(info["endCursor"], `${place}.pageInfo.endCursor`) : undefined;
}

/** Pages that do not belong together, or not to a whole: one is lost, comes twice, is shifted or cut. */
export class InconsistentError extends Error {
  override readonly name = "InconsistentError";
}

/**
 * Follows one list over its pages. Whatever was collected counts only when `finish` does not throw: every page said the same
 * number of items, so many different ones came, and no cursor led back.
 */
export function createTally(place: string) {
  const ids = new Set<string>();
  const cursors = new Set<string>();
  let total: number | undefined;
  let nameless = 0;
  return {
    /** Where to go on; undefined when that was all. */
    page({ totalCount, next }: Page): string | undefined {
      total ??= totalCount;
      if (totalCount !== total) throw new InconsistentError(`${place}: there were ${total} items, then ${totalCount}`);
      if (next === undefined) return undefined;
      if (next === "" || cursors.has(next))
        throw new InconsistentError(`${place}: the cursor of the next page leads nowhere`);
      cursors.add(next);
      return next;
    },
    item(id: string): void {
      if (ids.has(id)) throw new InconsistentError(`${place}: ${id} came twice`);
      ids.add(id);
    },
    /** An item without an id: it counts, but nobody knows which one it is. */
    nameless(): void {
      nameless++;
    },
    finish(): void {
      const count = ids.size + nameless;
      if (count !== total) throw new InconsistentError(`${place}: there are ${total ?? 0} items, and ${count} came`);
    },
  };
}

export type Tally = ReturnType<typeof createTally>;
