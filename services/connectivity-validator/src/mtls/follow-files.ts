import type { Listener } from "@application-connector/forward";
import type { Service } from "@application-connector/service";
import { type CertificateFiles, listenerTls, type MutualTls, readCertificateFiles } from "./certificate-files.ts";

export interface FollowOptions {
  readonly files: CertificateFiles;
  /** What the listener serves now. */
  readonly current: MutualTls;
  readonly listener: Pick<Listener, "setTls">;
  readonly log: Pick<Service["log"], "info" | "error">;
  /** Secrets are mounted through links that are swapped; reading a few small files notices every way of changing them. */
  readonly intervalMs: number;
}

export interface FollowedFiles {
  /** What the listener serves. */
  readonly current: MutualTls;
  /** What is wrong with the files as they are now; empty when they are served. */
  readonly problem: string;
  stop(): void;
}

/** Keeps the listener's certificates and lists those of the files. A broken file changes nothing but the log. */
export function followFiles({ files, current, listener, log, intervalMs }: FollowOptions): FollowedFiles {
  let served = current;
  let told = "";
  let looking = false;
  let stopped = false;

  /** One line per broken state, not one per look. */
  const tell = (reason: string): void => {
    if (!stopped && reason !== "" && reason !== told)
      log.error({ reason }, "The files of the mutual TLS port cannot be used as they are.");
    told = reason;
  };
  const look = async (): Promise<void> => {
    // A slow look that ends after a later one would bring the older certificates back.
    if (looking) return;
    looking = true;
    try {
      const next = await readCertificateFiles(files);
      tell(overdue(next));
      if (stopped || next.content === served.content) return;
      listener.setTls(listenerTls(next, served));
      served = next;
      log.info({}, "The certificates of the mutual TLS port were read again.");
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error));
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), intervalMs);
  timer.unref();

  return {
    get current() {
      return served;
    },
    get problem() {
      return told;
    },
    stop(): void {
      stopped = true;
      clearInterval(timer);
    },
  };
}

/** Handshakes fail then, of everybody. */
function overdue({ expiries: { revocationList } }: MutualTls): string {
  return revocationList !== undefined && revocationList < Date.now()
    ? "a revocation list is out of date, so that nobody can connect"
    : "";
}
