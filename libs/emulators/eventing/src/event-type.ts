import { PublishError } from "./publish-error.ts";

export interface TypeRules {
  /** Types that start with it are of the old, prefixed kind. */
  prefix: string;
  /** The `application-type` label of the Application with this name, if it has one. */
  applicationType(application: string): string | undefined;
}

/** Under which type and NATS subject an event is stored. */
export interface Placement {
  type: string;
  subject: string;
  /** What came in, when storing changes it and delivery must restore it. */
  originalType?: string;
}

/** Where an event that came as CloudEvent goes. Throws `PublishError` for types that nothing can subscribe to. */
export function placeEvent(source: string, type: string, rules: TypeRules): Placement {
  return type.startsWith(rules.prefix) ? placePrefixed(type, rules) : placeCurrent(source, type, rules);
}

/** Today's naming: `kyma.<source>.<type>`, both cleaned of what has a meaning in NATS subjects. */
export function placeCurrent(source: string, type: string, rules: TypeRules): Placement {
  const cleanSource = (rules.applicationType(source) ?? source).replaceAll(/[\s.>*/\\]/g, "");
  const stored = `kyma.${cleanSource}.${type.replaceAll(/[\s>*/\\]/g, "")}`;
  if (stored.split(".").includes("")) {
    throw new PublishError(`event type cannot have empty segments after cleaning: ${stored}`);
  }
  return { type: stored, subject: stored, originalType: type };
}

/** The naming of the first years: `<prefix>.<application>.<object>.<operation>.<version>`. */
function placePrefixed(type: string, rules: TypeRules): Placement {
  const segments = type.slice(rules.prefix.length).replace(/^\./, "").split(".");
  const [application, ...rest] = segments;
  if (application === undefined || segments.length < 4) {
    throw new PublishError(`failed to parse event-type=${type} with prefix=${rules.prefix}: invalid format`);
  }
  const version = rest.pop() ?? "";
  return prefixed(application, rest.join("."), version, rules);
}

/** The prefixed twin of a legacy event, for subscriptions that still use the old names. */
export function placeLegacy(application: string, eventType: string, version: string, rules: TypeRules): Placement {
  return prefixed(application, eventType, version, rules);
}

function prefixed(application: string, eventType: string, version: string, rules: TypeRules): Placement {
  const cleanApplication = alphanumeric(rules.applicationType(application) ?? application);
  const segments = eventType.replaceAll(/[^a-zA-Z0-9.]/g, "").split(".");
  const operation = segments.pop() ?? "";
  const event = segments.length > 0 ? `${segments.join("")}.${operation}` : operation;
  const type = `${rules.prefix}.${cleanApplication}.${event}.${alphanumeric(version)}`;
  return { type, subject: `kyma.${type}` };
}

function alphanumeric(text: string): string {
  return text.replaceAll(/[^a-zA-Z0-9]/g, "");
}
