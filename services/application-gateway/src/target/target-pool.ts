import { type ClientCertificate, fingerprint } from "@application-connector/credentials";
import { createTarget, type Target, type TargetOptions } from "@application-connector/forward";
import type { TargetUrl } from "./target-url.ts";

export interface TargetLease {
  readonly target: Target;
  /** Keeps the target open for one more, until `letGo`. */
  hold(): void;
  letGo(): void;
  release(): void;
}

interface Pooled {
  target: Target | undefined;
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
    const create = (): Target => {
      const { cert, key } = certificate ?? {};
      const shown = cert === undefined || key === undefined ? {} : { cert, key };
      const tls = { rejectUnauthorized: !skipVerify, ...shown };
      return createTarget({ origin, ...this.#settings, ...(isTls ? { tls } : {}) });
    };
    // A certificate that TLS refuses is known at once. The others wait for their first call: most of many thousand
    // targets are rarely called, and a TLS context takes 20 KiB.
    const isEager = isTls && certificate !== undefined;
    const pooled: Pooled = this.#targets.get(identity) ?? { target: isEager ? create() : undefined, leases: 0 };
    pooled.leases++;
    this.#targets.set(identity, pooled);
    return this.#leaseOf(pooled, identity, create);
  }

  #leaseOf(pooled: Pooled, identity: string, create: () => Target): TargetLease {
    const letGo = (): void => {
      pooled.leases--;
      if (pooled.leases > 0) return;
      this.#targets.delete(identity);
      void pooled.target?.close().catch(() => undefined);
    };
    let isReleased = false;
    return {
      get target() {
        pooled.target ??= create();
        return pooled.target;
      },
      hold() {
        pooled.leases++;
      },
      letGo,
      release() {
        if (isReleased) return;
        isReleased = true;
        letGo();
      },
    };
  }

  /** Ends what is still running. */
  async destroy(): Promise<void> {
    const all = [...this.#targets.values()];
    this.#targets.clear();
    await Promise.all(all.map(({ target }) => target?.destroy()));
  }
}
