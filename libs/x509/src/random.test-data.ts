/** A seeded source of randomness (mulberry32): the same cases on every run and machine. */
export function seeded(seed: number) {
  const next = (): number => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  return { below, pick };
}

export type Random = ReturnType<typeof seeded>;

/** The text after a few random deletions, insertions and repetitions. */
export function mutated(text: string, random: Random, pieces: readonly string[]): string {
  let result = text;
  for (let round = random.below(4); round > 0; round--) {
    const at = random.below(result.length + 1);
    const length = random.below(8);
    switch (random.below(3)) {
      case 0:
        result = result.slice(0, at) + result.slice(at + length);
        break;
      case 1:
        result = result.slice(0, at) + random.pick(pieces) + result.slice(at);
        break;
      default:
        result = result.slice(0, at) + result.slice(at, at + length) + result.slice(at);
    }
  }
  return result;
}
