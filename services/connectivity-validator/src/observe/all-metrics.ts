import { metrics as proxy } from "./metrics.ts";
import { mtlsMetrics } from "./mtls-metrics.ts";
import { natsMetrics } from "./nats-metrics.ts";
import { spoolMetrics } from "./spool-metrics.ts";

/** Every family that the validator may have. */
export const metrics = Object.fromEntries(
  [proxy, mtlsMetrics, spoolMetrics, natsMetrics]
    .flatMap((families) => Object.values(families))
    .map((family) => [family.name, family]),
);
