/** A log destination that keeps its lines, for tests. */
export function keepLines(): {
  write(line: string): void;
  lines: string[];
  readonly records: Record<string, unknown>[];
} {
  const lines: string[] = [];
  return {
    lines,
    write: (line) => void lines.push(line),
    get records() {
      return lines.map((line) => JSON.parse(line));
    },
  };
}
