import { constants } from "node:os";
import { flushLogsNow } from "../log/logger.ts";
import type { Service } from "../service.ts";

/** How long a start that was told to give up may take to clean up. */
const giveUpMs = 10_000;
/** One Ctrl-C arrives twice under npm: from the terminal, and passed on by npm. */
const echoMs = 500;

/** The first SIGINT or SIGTERM stops the service, the second ends the process on the spot. */
export function onSignals(name: string, service: () => Service | undefined): { interrupted: AbortSignal } {
  const interrupted = new AbortController();
  let firstAt = 0;
  const exitBy = (signal: "SIGINT" | "SIGTERM", why: string): void => {
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
  process.on("SIGINT", receive);
  process.on("SIGTERM", receive);
  return { interrupted: interrupted.signal };
}
