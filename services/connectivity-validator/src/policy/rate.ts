/** How often something may happen: on average, and at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

const shape = /^(\d{1,9})\/([sm])(?:;burst=(\d{1,9}))?$/;

/** Reads `100/s`, `100/s;burst=200` or `600/m`, or returns undefined. Without a burst, that of one second. */
export function parseRate(text: string): Rate | undefined {
  const [, count, unit, burst] = shape.exec(text) ?? [];
  if (count === undefined) return undefined;
  const perSecond = Number(count) / (unit === "m" ? 60 : 1);
  const rate = { perSecond, burst: burst === undefined ? Math.max(1, Math.ceil(perSecond)) : Number(burst) };
  return rate.perSecond > 0 && rate.burst > 0 ? rate : undefined;
}
