import type { Config } from "../config.ts";
import type { Defaults } from "./compile-api.ts";

/** What the flags say where annotations say nothing. */
export function defaultsOf(config: Config): Defaults {
  return {
    limits: {
      requestIdleTimeoutMs: config.requestTimeoutMs,
      responseTimeoutMs: config.proxyTimeoutMs,
      bodyIdleTimeoutMs: config.proxyTimeoutMs,
      maxDurationMs: config.maxRequestDurationMs,
      tunnelIdleTimeoutMs: config.upgradeIdleTimeoutMs,
      maxRequestBodyBytes: config.maxRequestBytes,
      maxResponseBodyBytes: config.maxResponseBytes,
    },
    connectTimeoutMs: config.proxyTimeoutMs,
    maxConcurrent: config.maxConnectionsPerTarget,
    maxQueued: config.maxQueuedPerTarget,
    http2: config.http2,
    circuitFailures: config.circuitFailures,
    circuitOpenMs: config.circuitOpenMs,
    retries: config.retries,
    stripMeshHeaders: config.stripMeshHeaders,
  };
}
