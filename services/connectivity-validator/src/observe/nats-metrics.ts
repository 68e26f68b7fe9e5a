import { collected, gauge, reading, type Service } from "@application-connector/service";

/** Families that there are with `--delivery=nats` only. */
export const natsMetrics = {
  connected: gauge("connectivity_validator_nats_connected", [], "1 while there is a connection to NATS"),
};

export function registerNatsMetrics(registry: Service["metrics"], nats: { readonly isConnected: boolean }): void {
  collected(registry, natsMetrics, () => ({ connected: reading(() => (nats.isConnected ? 1 : 0)) }));
}
