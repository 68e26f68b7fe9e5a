import type { Logger } from "pino";

/** Something that a service started and has to end. */
export interface Part {
  stop(deadline: AbortSignal): Promise<void> | void;
}

export interface NamedPart {
  name: string;
  part: Part;
}

/** How long before the end of the time the signal is aborted, for the parts to react: at most a quarter of it. */
const reactionMs = 500;
/** What every part gets, even when those before it have used up the time. */
const leastMs = 100;

/**
 * Stops the parts, last one first. Shortly before the time is over their signal is aborted; one that has not ended
 * when it is over is named in the log and left behind.
 */
export async function stopParts(parts: readonly NamedPart[], timeoutMs: number, log: Logger): Promise<void> {
  const deadline = new AbortController();
  const endsAt = performance.now() + timeoutMs;
  const abortAfterMs = timeoutMs - Math.min(reactionMs, timeoutMs / 4);
  const timer = setTimeout(() => deadline.abort(new Error("the time to stop is over")), abortAfterMs);
  try {
    for (const { name, part } of [...parts].reverse()) {
      const limitMs = Math.max(endsAt - performance.now(), leastMs);
      const ended = await endsWithin(limitMs, stopOne(name, part, deadline.signal, log));
      if (!ended) log.error({ part: name }, "did not stop in time and is left behind");
    }
  } finally {
    clearTimeout(timer);
  }
}

/** A part that fails to stop must not keep the others from stopping. */
async function stopOne(name: string, part: Part, deadline: AbortSignal, log: Logger): Promise<void> {
  try {
    await part.stop(deadline);
  } catch (err) {
    log.error({ err, part: name }, "failed to stop");
  }
}

async function endsWithin(ms: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([work.then(() => true), expiry]);
  } finally {
    clearTimeout(timer);
  }
}
