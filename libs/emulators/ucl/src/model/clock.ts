/** UCL's own time: the machine's, moved or stopped. Certificates, tokens and statuses follow it. */
export interface Clock {
  now(): number;
  advance(ms: number): void;
  /** Stands still at a time; undefined lets it run on from there. */
  freeze(at: number | undefined): void;
}

export function createClock(): Clock {
  let offset = 0;
  let frozen: number | undefined;
  const now = (): number => frozen ?? Date.now() + offset;
  return {
    now,
    advance(ms) {
      if (frozen === undefined) offset += ms;
      else frozen += ms;
    },
    freeze(at) {
      if (at === undefined && frozen !== undefined) offset = frozen - Date.now();
      frozen = at;
    },
  };
}

/** RFC 3339, whole seconds. */
export const timestamp = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
