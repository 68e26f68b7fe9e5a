import { collected, counter, gauge, reading, type Service } from "@application-connector/service";
import type { Drain } from "../spool/drain.ts";
import type { Spool } from "../spool/spool.ts";

/** Families that there are with the spool only. */
export const spoolMetrics = {
  bytes: gauge("connectivity_validator_spool_bytes", [], "On disk for events that wait"),
  events: gauge(
    "connectivity_validator_spool_events",
    ["application"],
    "Acknowledged events that Eventing does not have yet",
  ),
  oldest: gauge(
    "connectivity_validator_spool_oldest_seconds",
    ["application"],
    "How long the first of the events that wait has waited",
  ),
  stored: counter(
    "connectivity_validator_spool_stored_total",
    [],
    "Events that were acknowledged because the disk had them",
  ),
  delivered: counter("connectivity_validator_spool_delivered_total", [], "Of these, events that Eventing has"),
  refused: counter(
    "connectivity_validator_spool_refused_total",
    ["reason"],
    "Events that were not acknowledged, because there was no room or the disk failed",
  ),
  writable: gauge(
    "connectivity_validator_spool_writable",
    [],
    "0 while the disk takes nothing, because it fails or is full",
  ),
  diskFailures: counter("connectivity_validator_spool_disk_failures_total", [], "What the disk did not do"),
  damaged: counter(
    "connectivity_validator_spool_damaged_bytes_total",
    [],
    "Bytes of acknowledged events that the disk has not kept as they were",
  ),
  damagedFiles: gauge("connectivity_validator_spool_damaged_files_bytes", [], "On disk for files with such events"),
  dead: counter("connectivity_validator_dlq_total", ["reason"], "Acknowledged events that were given up"),
  deadBytes: gauge("connectivity_validator_dlq_bytes", [], "On disk for events that were given up"),
  deadDropped: counter(
    "connectivity_validator_dlq_dropped_total",
    [],
    "Events that were given up and had to make room for later ones",
  ),
};

export function registerSpoolMetrics(registry: Service["metrics"], spool: Spool, drain: Drain): void {
  const { health, deadLetters } = spool;
  collected(registry, spoolMetrics, () => ({
    bytes: reading(() => spool.bytes),
    events: function* () {
      for (const { application, events } of spool.all()) yield { labels: { application }, value: events };
    },
    oldest: function* () {
      const now = Date.now();
      for (const { application, events, oldestMs } of spool.all())
        if (events > 0) yield { labels: { application }, value: Math.max(0, now - oldestMs) / 1000 };
    },
    stored: reading(() => spool.stored),
    delivered: reading(() => drain.delivered),
    refused: function* () {
      for (const [reason, value] of Object.entries(spool.refused)) yield { labels: { reason }, value };
    },
    writable: reading(() => (health.isWell ? 1 : 0)),
    diskFailures: reading(() => health.failures),
    damaged: reading(() => health.damagedBytes),
    damagedFiles: reading(() => spool.damaged.bytes),
    dead: function* () {
      for (const [reason, value] of deadLetters.added) yield { labels: { reason }, value };
    },
    deadBytes: reading(() => deadLetters.bytes),
    deadDropped: reading(() => deadLetters.dropped),
  }));
}
