const againAfterMs = 60_000;

interface Log {
  warn(fields: object, message: string): void;
}

/** Says that request bodies can't be kept on disk, once a minute at most: each large request would say it. */
export function createReplayLog(log: Log, now: () => number = Date.now): (error: NodeJS.ErrnoException) => void {
  let saidAt = Number.NEGATIVE_INFINITY;
  return ({ code, syscall }) => {
    if (now() - saidAt < againAfterMs) return;
    saidAt = now();
    log.warn(
      { cause: code, syscall },
      "request bodies can't be kept on disk (retryBufferFolder): large calls that are refused are not sent again",
    );
  };
}
