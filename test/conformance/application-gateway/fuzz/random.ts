/** What a seed decides. The same seed makes the same choices in the same order. */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  /** True in this part of all cases. */
  chance(part: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** Latin1 text of any bytes. */
  bytes(length: number): string;
  /** Text of printable ASCII. */
  word(length: number): string;
}

/** A small generator (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed | 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  const text = (length: number, lowest: number, count: number): string =>
    String.fromCharCode(...Array.from({ length }, () => lowest + below(count)));
  // Long ones repeat themselves: it is their length that matters.
  const longText = (length: number, lowest: number, count: number): string =>
    length <= 200
      ? text(length, lowest, count)
      : text(200, lowest, count)
          .repeat(length / 200 + 1)
          .slice(0, length);
  return {
    below,
    chance: (part) => below(1_000_000) < part * 1_000_000,
    pick: (from) => from[below(from.length)] as (typeof from)[number],
    bytes: (length) => longText(length, 0, 256),
    word: (length) => text(length, 0x21, 0x5e),
  };
}
