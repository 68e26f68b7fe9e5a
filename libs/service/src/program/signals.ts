import { constants } from "node:os";
import { flushLogsNow } from "../log/logger.ts";
import type { Service } from "../service.ts";
import { isWorker, onMessage } from "../workers/worker.ts";

/** What can be told to end. */
export interface Endable {
  readonly log: Service["log"];
  stop(): unknown;
}

/** How long a start that was told to give up may take to clean up. */
const giveUpMs = 10_000;
/** One Ctrl-C arrives twice under npm: from the terminal, and passed on by npm. */
const echoMs = 500;

/**
 * The first SIGINT or SIGTERM stops the service, the second ends the process on the spot. A worker leaves them to the first
 * process, although a terminal sends them to all, and does what that one says.
 */
export function onSignals(
  name: string,
  service: () => Endable | undefined,
  beforeExit: () => void = () => undefined,
): { interrupted: AbortSignal } {
  const interrupted = new AbortController();
  let firstAt = 0;
  const exitBy = (signal: "SIGINT" | "SIGTERM", why: string): void => {
    beforeExit();
    flushLogsNow();
    process.stderr.write(`${name}: ${why}\n`);
    process.exit(128 + constants.signals[signal]);
  };
  const receive = (signal: "SIGINT" | "SIGTERM"): void => {
    if (interrupted.signal.aborted) {
      if (signal === "SIGINT" && performance.now() - firstAt < echoMs) return;
      exitBy(signal, `second signal (${signal}), ended without waiting`);
      return;
    }
    firstAt = performance.now();
    interrupted.abort(new Error(`received ${signal}`));
    const running = service();
    if (running === undefined) setTimeout(exitBy, giveUpMs, signal, "the start did not give up in time").unref();
    else {
      running.log.info({ signal }, "signal received");
      void running.stop();
    }
  };
  // Waiting for signals alone keeps no process alive; a service without a listener would end unasked.
  setInterval(() => undefined, 2 ** 30);
  if (isWorker()) {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
    onMessage(({ kind }) => {
      if (kind !== "stop" || interrupted.signal.aborted) return;
      interrupted.abort(new Error("told to stop"));
      void service()?.stop();
    });
    return { interrupted: interrupted.signal };
  }
  process.on("SIGINT", receive);
  process.on("SIGTERM", receive);
  return { interrupted: interrupted.signal };
}
