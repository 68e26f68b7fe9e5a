/** So many pages have to go well before the next larger size is tried. */
const steady = 8;

/** How many applications are asked for at once: fewer while UCL cannot answer so many in time, later more again. */
export function createPageSize(largest: number) {
  let current = largest;
  let wentWell = 0;
  return {
    get current(): number {
      return current;
    },
    /** Half of it; false when it is one already. */
    shrink(): boolean {
      wentWell = 0;
      if (current === 1) return false;
      current = Math.floor(current / 2);
      return true;
    },
    succeeded(): void {
      wentWell++;
      if (wentWell < steady || current === largest) return;
      wentWell = 0;
      current = Math.min(largest, current * 2);
    },
  };
}

export type PageSize = ReturnType<typeof createPageSize>;
