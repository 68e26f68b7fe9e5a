import {
  type Collect,
  collected,
  counter,
  gauge,
  histogram,
  reading,
  type Service,
} from "@application-connector/service";
import type { ManagerStats } from "./stats.ts";
import type { WebhookStats } from "./webhook-stats.ts";

/** Every family of the manager. */
export const metrics = {
  reconciles: counter("acm_reconcile_total", ["result"], "Looks at the installation: success or error"),
  duration: histogram("acm_reconcile_duration_seconds", [], "How long a look at the installation takes"),
  appliedObjects: gauge("acm_applied_objects", [], "Objects that are installed"),
  ready: gauge("acm_object_ready", ["kind", "name"], "1 for an installed object that does its work, else 0"),
  corrections: counter(
    "acm_drift_corrections_total",
    ["kind"],
    "Objects that were put right because somebody else changed or deleted them",
  ),
  leader: gauge("acm_leader", [], "1 in the replica that acts"),
  conversions: counter("acm_webhook_conversions_total", ["result"], "Requests to convert objects: success or error"),
  certificateExpiry: gauge(
    "acm_webhook_certificate_expiry_timestamp_seconds",
    [],
    "When the certificate that the webhook serves with is over, in seconds since 1970; absent without one",
  ),
};

export function registerMetrics(registry: Service["metrics"], stats: ManagerStats, webhook: WebhookStats): void {
  collected(registry, metrics, () => ({
    reconciles: () => Object.entries(stats.reconciles).map(([result, value]) => ({ labels: { result }, value })),
    duration: (name) => stats.seconds.samples(name, {}),
    appliedObjects: reading(() => stats.appliedObjects),
    ready: readyObjects(stats),
    corrections: () => [...stats.corrections].map(([kind, value]) => ({ labels: { kind }, value })),
    leader: reading(() => (stats.isLeader ? 1 : 0)),
    conversions: () => Object.entries(webhook.conversions).map(([result, value]) => ({ labels: { result }, value })),
    certificateExpiry: () =>
      webhook.expiresAt === undefined ? [] : [{ labels: {}, value: Math.floor(webhook.expiresAt / 1000) }],
  }));
}

const readyObjects =
  (stats: ManagerStats): Collect =>
  () =>
    stats.ready.map(({ kind, name, isReady }) => ({ labels: { kind, name }, value: isReady ? 1 : 0 }));
