import type { InboundApplication } from "../applications/application.ts";
import type { EventContext } from "../cloudevents/context.ts";

/** What an Application's settings say to one of its events. */
export type Verdict = "pass" | "rewrite_source" | "source_not_allowed" | "type_not_allowed";

export type PolicySubject = Pick<InboundApplication, "name" | "typeLabel" | "settings">;

/** Whether the event may be sent, by its type and its source. `typePrefix` begins the types of the old, prefixed kind. */
export function judge(application: PolicySubject, { type, source }: EventContext, typePrefix: string): Verdict {
  const { allowedTypes, sourcePolicy, allowedSources } = application.settings;
  if (allowedTypes !== undefined && !allowedTypes.some((pattern) => pattern(type))) return "type_not_allowed";
  if (sourcePolicy === "any") return "pass";
  if (!isOwnType(application, type, typePrefix)) return "source_not_allowed";
  if (source === application.name || source === application.typeLabel || allowedSources.has(source)) return "pass";
  return sourcePolicy === "rewrite" ? "rewrite_source" : "source_not_allowed";
}

/** Whether there is anything to judge; an Application without rules may send what nobody can read. */
export function hasEventPolicy({ settings: { allowedTypes, sourcePolicy } }: PolicySubject): boolean {
  return allowedTypes !== undefined || sourcePolicy !== "any";
}

/**
 * Eventing takes the sender of a prefixed type, `<prefix>.<application>.<object>.<operation>.<version>`, from the type
 * itself, reduced to letters and digits.
 */
function isOwnType({ name, typeLabel }: PolicySubject, type: string, typePrefix: string): boolean {
  if (typePrefix === "" || !type.startsWith(typePrefix)) return true;
  const [named = ""] = type.slice(typePrefix.length).replace(/^\./, "").split(".", 1);
  const sender = cleaned(named);
  return sender !== "" && (sender === cleaned(name) || (typeLabel !== undefined && sender === cleaned(typeLabel)));
}

/** The name as Eventing uses it in prefixed types; two Applications may share it. */
export const cleaned = (name: string): string => name.replaceAll(/[^A-Za-z0-9]/g, "");
