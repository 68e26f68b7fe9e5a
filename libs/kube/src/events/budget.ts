const burst = 25;
const refillMs = 5 * 60_000;
const rememberedObjects = 4_096;

/** How many events there may be about one object: 25 at once, then one in five minutes. */
export function createBudget() {
  const spent = new Map<string, { tokens: number; at: number }>();
  return {
    take(object: string, now: number): boolean {
      const { tokens, at } = spent.get(object) ?? { tokens: burst, at: now };
      const left = Math.min(burst, tokens + (now - at) / refillMs);
      const isAllowed = left >= 1;
      // To the end of the map: what is forgotten is what was silent for longest.
      spent.delete(object);
      spent.set(object, { tokens: isAllowed ? left - 1 : left, at: now });
      if (spent.size > rememberedObjects) spent.delete(spent.keys().next().value as string);
      return isAllowed;
    },
  };
}
