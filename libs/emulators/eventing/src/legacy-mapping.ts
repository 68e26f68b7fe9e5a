import { randomUUID } from "node:crypto";
import { CloudEvent } from "cloudevents";
import { type Placement, placeCurrent, placeLegacy, type TypeRules } from "./event-type.ts";
import type { LegacyEvent } from "./legacy-event.ts";

export interface MappedEvent {
  placement: Placement;
  event: CloudEvent<unknown>;
}

/**
 * A legacy event becomes two CloudEvents, as with JetStream upstream: one under today's name, then one under the old
 * prefixed name. Without an `event-id` their ids differ, and the second one is what the sender is told.
 */
export function mapLegacyEvent(
  application: string,
  legacy: LegacyEvent,
  rules: TypeRules,
  namespace: string,
): readonly [current: MappedEvent, prefixed: MappedEvent] {
  const shared = {
    time: legacy.time,
    data: legacy.data,
    datacontenttype: "application/json",
    eventtypeversion: legacy.version,
  };
  const originaltype = `${legacy.type}.${legacy.version}`;
  const current = placeCurrent(application, originaltype, rules);
  const prefixed = placeLegacy(application, legacy.type, legacy.version, rules);
  // Not validated again: everything the package would check is checked, and it is narrower than Eventing on some of it.
  const build = (id: string | undefined, source: string, type: string, extensions: Record<string, string>) =>
    new CloudEvent<unknown>({ ...shared, ...extensions, id: id ?? randomUUID(), source, type }, false);
  return [
    { placement: current, event: build(legacy.id, application, current.type, { originaltype }) },
    { placement: prefixed, event: build(legacy.id, namespace, prefixed.type, {}) },
  ];
}
