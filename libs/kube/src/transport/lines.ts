/** An object of the API server is at most a few MiB; a line beyond this is not one. */
const longestLineBytes = 64 * 1024 * 1024;

/**
 * Cuts a stream of bytes into lines at 0x0A only. `readline` also cuts at U+2028 and U+2029, which are allowed inside
 * JSON strings: an event that contains one would be lost.
 */
export function createLineSplitter() {
  let parts: Buffer[] = [];
  let held = 0;
  return {
    /** The lines this chunk completes, without their line feed. */
    push(chunk: Buffer): Buffer[] {
      const lines: Buffer[] = [];
      let start = 0;
      for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
        const piece = chunk.subarray(start, end);
        lines.push(parts.length === 0 ? piece : Buffer.concat([...parts, piece]));
        parts = [];
        held = 0;
        start = end + 1;
      }
      if (start < chunk.length) {
        parts.push(chunk.subarray(start));
        held += chunk.length - start;
        if (held > longestLineBytes) throw new RangeError(`line longer than ${longestLineBytes} bytes`);
      }
      return lines;
    },
    /** Whether the stream ended inside a line. */
    get isBroken(): boolean {
      return parts.some((part) => part.toString("latin1").trim() !== "");
    },
  };
}
