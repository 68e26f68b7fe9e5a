import type { LegacyEvent } from "../legacy/legacy-event.ts";
import type { SubjectRules } from "../subscriptions/event-subject.ts";

/** The prefixed type of a legacy event, for Subscriptions of the first years; undefined when a part of it is empty. */
export function legacySubject(
  application: string,
  { type, version }: Pick<LegacyEvent, "type" | "version">,
  { typePrefix, typeLabelOf }: SubjectRules,
): string | undefined {
  const segments = type.split(".").map(cleaned);
  const operation = segments.pop() ?? "";
  const object = segments.length === 0 ? [] : [segments.join("")];
  const parts = [cleaned(typeLabelOf(application) ?? application), ...object, operation, cleaned(version)];
  return parts.includes("") ? undefined : [typePrefix, ...parts].join(".");
}

const cleaned = (segment: string): string => segment.replaceAll(/[^a-zA-Z0-9]/g, "");
