import { destination } from "pino";

/** Text on its way to standard output, beside the event loop: a slow reader stops nobody. */
export interface Output {
  write(text: string): void;
  /** Lines that were given up because the reader did not keep up, or is gone. */
  readonly dropped: number;
  /** Waits until what was written is out, a second at most. */
  flush(): Promise<void>;
}

const mostBytes = 16 * 1024 * 1024;
const flushLimitMs = 1_000;

/** An output to a file descriptor; holds 16 MiB at most, what does not fit is dropped. */
export function openOutput(fd: number, maxLength = mostBytes): Output {
  let dropped = 0;
  // The minimum of 1 changes nothing but makes flush wait for a write that is under way.
  const stream = destination({ fd, sync: false, minLength: 1, maxLength });
  stream.on("drop", (text: string) => {
    dropped += text.split("\n").length - 1;
  });
  // A reader that is gone: what is kept for it is bounded, and nobody is left to tell.
  stream.on("error", () => undefined);
  return {
    get dropped() {
      return dropped;
    },
    write: (text) => void stream.write(text),
    async flush() {
      const flushed = Promise.withResolvers<void>();
      const timer = setTimeout(flushed.resolve, flushLimitMs);
      stream.flush(() => flushed.resolve());
      await flushed.promise;
      clearTimeout(timer);
    },
  };
}

let shared: Output | undefined;

/** One for the process: services that share it must not tear each other's lines. */
export function standardOutput(): Output {
  shared ??= openOutput(1);
  return shared;
}
