/** One at a time for each name, first come, first served. */
export function createLocks() {
  const tails = new Map<string, Promise<unknown>>();
  return async function locked<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = tails.get(name);
    const mine = before === undefined ? work() : before.then(work, work);
    tails.set(name, mine);
    try {
      return await mine;
    } finally {
      if (tails.get(name) === mine) tails.delete(name);
    }
  };
}
