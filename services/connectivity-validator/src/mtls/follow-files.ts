import type { Listener, ListenerTls } from "@application-connector/forward";
import type { Service } from "@application-connector/service";
import { type CertificateFiles, readCertificateFiles } from "./certificate-files.ts";

/** Secrets are mounted through links that are swapped; reading three small files notices every way of changing them. */
const usualIntervalMs = 5_000;

export interface FollowOptions {
  readonly files: CertificateFiles;
  /** What the listener serves now. */
  readonly current: ListenerTls;
  readonly listener: Pick<Listener, "setTls">;
  readonly log: Pick<Service["log"], "info" | "error">;
  readonly intervalMs?: number;
}

/** Keeps the listener's certificates those of the files. A broken file changes nothing but the log. */
export function followFiles({ files, current, listener, log, intervalMs = usualIntervalMs }: FollowOptions) {
  let served = JSON.stringify(current);
  let told = "";
  let looking = false;
  let stopped = false;

  const look = async (): Promise<void> => {
    // A slow look that ends after a later one would bring the older certificates back.
    if (looking) return;
    looking = true;
    try {
      const tls = await readCertificateFiles(files);
      const seen = JSON.stringify(tls);
      told = "";
      if (stopped || seen === served) return;
      listener.setTls(tls);
      served = seen;
      log.info({}, "The certificates of the mutual TLS port were read again.");
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // One line per broken state, not one per look.
      if (!stopped && reason !== told)
        log.error({ reason }, "The certificates of the mutual TLS port stay as they are.");
      told = reason;
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), intervalMs);
  timer.unref();

  return {
    stop(): void {
      stopped = true;
      clearInterval(timer);
    },
  };
}
