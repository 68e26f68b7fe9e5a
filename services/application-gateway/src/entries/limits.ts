import type { Settings } from "../settings/settings.ts";

/** How long and how large a call may be. 0 means that there is no limit. */
export interface Limits {
  readonly requestIdleTimeoutMs: number;
  readonly responseTimeoutMs: number;
  readonly bodyIdleTimeoutMs: number;
  readonly maxDurationMs: number;
  readonly tunnelIdleTimeoutMs: number;
  readonly maxRequestBodyBytes: number;
  readonly maxResponseBodyBytes: number;
}

/** The limits of an API; those of all others, where it has none of its own. */
export function limitsOf(settings: Settings, defaults: Limits): Limits {
  const own = {
    requestIdleTimeoutMs: settings.requestTimeout,
    responseTimeoutMs: settings.responseTimeout,
    bodyIdleTimeoutMs: settings.bodyIdleTimeout,
    maxDurationMs: settings.maxRequestDuration,
    tunnelIdleTimeoutMs: settings.upgradeIdleTimeout,
    maxRequestBodyBytes: settings.maxRequestBytes,
    maxResponseBodyBytes: settings.maxResponseBytes,
  };
  const given = Object.entries(own).filter(([, value]) => value !== undefined);
  return given.length === 0 ? defaults : { ...defaults, ...Object.fromEntries(given) };
}
