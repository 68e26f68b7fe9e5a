import { type ClientCertificate, fingerprint } from "@application-connector/credentials";
import { createTarget, type Target, type TargetOptions } from "@application-connector/forward";
import type { TargetUrl } from "./target-url.ts";

export interface TargetLease {
  readonly target: Target;
  release(): void;
}

interface Pooled {
  readonly target: Target;
  leases: number;
}

/**
 * Connections by target identity: origin, certificate check and client certificate. APIs of one identity share them;
 * the last one to go closes them. Nothing is ever shared between identities.
 */
export class TargetPool {
  readonly #settings: Pick<TargetOptions, "connectTimeoutMs" | "maxConnections" | "maxQueued">;
  readonly #targets = new Map<string, Pooled>();

  constructor(settings: Pick<TargetOptions, "connectTimeoutMs" | "maxConnections" | "maxQueued">) {
    this.#settings = settings;
  }

  get size(): number {
    return this.#targets.size;
  }

  acquire({ origin, scheme }: TargetUrl, skipVerify: boolean, certificate?: ClientCertificate): TargetLease {
    const isTls = scheme === "https";
    const identity = isTls
      ? fingerprint(origin, skipVerify ? "skipVerify" : "verify", certificate?.cert ?? "", certificate?.key ?? "")
      : fingerprint(origin);
    const pooled = this.#targets.get(identity) ?? {
      target: createTarget({
        origin,
        ...this.#settings,
        ...(isTls
          ? {
              tls: {
                rejectUnauthorized: !skipVerify,
                ...(certificate === undefined ? {} : { cert: certificate.cert, key: certificate.key }),
              },
            }
          : {}),
      }),
      leases: 0,
    };
    pooled.leases++;
    this.#targets.set(identity, pooled);
    let isHeld = true;
    return {
      target: pooled.target,
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        pooled.leases--;
        if (pooled.leases > 0) return;
        this.#targets.delete(identity);
        // Calls under way end first; whoever stops the gateway meanwhile breaks them.
        void pooled.target.close().catch(() => undefined);
      },
    };
  }

  /** Ends what is still running. */
  async destroy(): Promise<void> {
    const all = [...this.#targets.values()];
    this.#targets.clear();
    await Promise.all(all.map(({ target }) => target.destroy()));
  }
}
