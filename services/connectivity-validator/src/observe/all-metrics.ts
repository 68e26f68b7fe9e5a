import { metrics as proxy } from "./metrics.ts";
import { mtlsMetrics } from "./mtls-metrics.ts";

/** Every family that the validator may have. */
export const metrics = { ...proxy, mtlsExpiry: mtlsMetrics.expiry, mtlsStale: mtlsMetrics.stale };
