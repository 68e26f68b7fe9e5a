/** Numbers below a limit, the same sequence for the same seed (mulberry32). */
export type Random = (below: number) => number;

export function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** For tests: how long one of them may look for mistakes, in ms. */
export const fuzzMs = Number(process.env["FUZZ_SECONDS"] ?? 0) * 1_000;

/**
 * Runs a round again and again: as often as told with seeds that never change, or for `FUZZ_SECONDS` with new ones, from
 * `FUZZ_SEED` on. What fails is told with its seed; `FUZZ_SEED` then begins with it.
 */
export function rounds(times: number, round: (random: Random, seed: number) => void): number {
  const first = Number(process.env["FUZZ_SEED"] ?? (fuzzMs > 0 ? Date.now() % 1_000_000_000 : 1));
  const end = performance.now() + fuzzMs;
  let seed = first;
  for (; fuzzMs > 0 ? performance.now() < end : seed < first + times; seed++) {
    try {
      round(randomOf(seed), seed);
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  return seed - first;
}

export const pick = <T>(random: Random, from: readonly T[]): T => from[random(from.length)] as T;

export const textOf = (random: Random, pieces: readonly string[], most: number): string =>
  Array.from({ length: random(most + 1) }, () => pick(random, pieces)).join("");

/** The text with a few pieces cut out, doubled, moved or put in. */
export function mutated(random: Random, text: string, pieces: readonly string[]): string {
  let result = text;
  for (let changes = random(4); changes > 0; changes--) {
    const at = random(result.length + 1);
    const to = Math.min(result.length, at + random(6));
    const [before, middle, after] = [result.slice(0, at), result.slice(at, to), result.slice(to)];
    result = pick(random, [
      () => before + after,
      () => before + middle + middle + after,
      () => before + pick(random, pieces) + after,
      () => after + middle + before,
    ])();
  }
  return result;
}
