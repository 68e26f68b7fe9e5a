import { type ClientCertificate, fingerprint } from "@application-connector/credentials";
import { createTarget, type ForwardProxy, type Target, type TargetOptions } from "@application-connector/forward";
import { CircuitBreaker, type CircuitSettings } from "../resilience/circuit-breaker.ts";
import { RetryBudget } from "../resilience/retry-budget.ts";
import type { TargetUrl } from "./target-url.ts";

/** All that tells targets apart: what differs in any of it never shares a connection. */
export interface TargetIdentity {
  readonly url: Pick<TargetUrl, "origin" | "scheme">;
  readonly skipVerify: boolean;
  /** PEM; in place of the system's authorities. */
  readonly ca?: string | undefined;
  readonly certificate?: ClientCertificate | undefined;
  /** Public keys that the target may have; undefined for all. */
  readonly pins?: readonly string[] | undefined;
  readonly proxy?: ForwardProxy | undefined;
  /** Whether HTTP/2 is used where it wants that. */
  readonly http2: boolean;
  readonly connectTimeoutMs: number;
  /** Calls at the same time, and calls that may wait. */
  readonly maxConcurrent: number;
  readonly maxQueued: number;
  /** Undefined: it is called however often it fails. */
  readonly circuit?: CircuitSettings | undefined;
}

export interface TargetLease {
  readonly target: Target;
  /** Shared by all who call the target. */
  readonly circuit: CircuitBreaker | undefined;
  readonly retryBudget: RetryBudget;
  /** Keeps the target open for one more, until `letGo`. */
  hold(): void;
  letGo(): void;
  release(): void;
}

export type TargetPoolRules = Pick<TargetOptions, "checkAddress" | "engine">;

interface Pooled {
  target: Target | undefined;
  readonly circuit: CircuitBreaker | undefined;
  retryBudget: RetryBudget | undefined;
  leases: number;
}

/**
 * Connections by target identity. APIs of one identity share them, and what is known of the target's health; the last
 * one to go closes them. Nothing is ever shared between identities.
 */
export class TargetPool {
  readonly #targets = new Map<string, Pooled>();
  readonly #rules: TargetPoolRules;

  /** `rules` hold for all targets alike. */
  constructor(rules: TargetPoolRules = {}) {
    this.#rules = rules;
  }

  get size(): number {
    return this.#targets.size;
  }

  /** A certificate that TLS refuses throws. */
  acquire(identity: TargetIdentity): TargetLease {
    const key = keyOf(identity);
    const create = (): Target => createTarget({ ...optionsOf(identity), ...this.#rules });
    const isTls = identity.url.scheme === "https";
    // What TLS refuses is known at once. The others wait for their first call: most of many thousand targets are
    // rarely called, and a TLS context takes 20 KiB.
    const isEager = isTls && identity.certificate !== undefined;
    const pooled: Pooled = this.#targets.get(key) ?? {
      target: isEager ? create() : undefined,
      circuit: identity.circuit && new CircuitBreaker(identity.circuit),
      retryBudget: undefined,
      leases: 0,
    };
    pooled.leases++;
    this.#targets.set(key, pooled);
    return this.#leaseOf(pooled, key, create);
  }

  #leaseOf(pooled: Pooled, key: string, create: () => Target): TargetLease {
    const letGo = (): void => {
      pooled.leases--;
      if (pooled.leases > 0) return;
      this.#targets.delete(key);
      void pooled.target?.close().catch(() => undefined);
    };
    let isReleased = false;
    return {
      get target() {
        pooled.target ??= create();
        return pooled.target;
      },
      circuit: pooled.circuit,
      get retryBudget() {
        pooled.retryBudget ??= new RetryBudget();
        return pooled.retryBudget;
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

function keyOf({ url, skipVerify, ca, certificate, pins, http2, ...others }: TargetIdentity): string {
  const tls = url.scheme === "https" ? { skipVerify, ca, certificate, pins, http2 } : {};
  return fingerprint(JSON.stringify([url.origin, tls, others]));
}

function optionsOf({ url, skipVerify, ca, certificate, pins, ...identity }: TargetIdentity): TargetOptions {
  const shown = certificate === undefined ? {} : { cert: certificate.cert, key: certificate.key };
  const keys = pins === undefined ? {} : { pins };
  const trust = { rejectUnauthorized: !skipVerify, ...(ca === undefined ? {} : { ca }), ...keys };
  return {
    origin: url.origin,
    connectTimeoutMs: identity.connectTimeoutMs,
    maxConnections: identity.maxConcurrent,
    maxQueued: identity.maxQueued,
    http2: identity.http2,
    ...(identity.proxy === undefined ? {} : { proxy: identity.proxy }),
    ...(url.scheme === "https" ? { tls: { ...trust, ...shown } } : {}),
  };
}
