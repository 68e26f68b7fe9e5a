/** Where Eventing looks for a name: labels of Applications stand for them in subjects. */
export interface SubjectRules {
  /** Begin of the event types of the old kind. */
  readonly typePrefix: string;
  /** Label `application-type` of the Application of this name, if it has one. */
  typeLabelOf(application: string): string | undefined;
}

/** The NATS subject under which Eventing stores a CloudEvent; undefined for one that it refuses. */
export function eventSubject(source: string, type: string, rules: SubjectRules): string | undefined {
  const { typePrefix, typeLabelOf } = rules;
  const isPrefixed = typePrefix !== "" && type.startsWith(typePrefix);
  return isPrefixed ? prefixedSubject(type, rules) : standardSubject(typeLabelOf(source) ?? source, type);
}

/** Today's naming, cleaned of what has a meaning in subjects. */
export function standardSubject(source: string, type: string): string | undefined {
  const subject = `kyma.${source.replaceAll(/[\s.>*/\\]/g, "")}.${type.replaceAll(/[\s>*/\\]/g, "")}`;
  return subject.split(".").includes("") ? undefined : subject;
}

/** The naming of the first years: `<prefix>.<application>.<object>.<operation>.<version>`. */
function prefixedSubject(type: string, { typePrefix, typeLabelOf }: SubjectRules): string | undefined {
  const [application, ...rest] = type.slice(typePrefix.length).replace(/^\./, "").split(".");
  if (application === undefined || rest.length < 3) return undefined;
  const segments = rest.map((segment) => segment.replaceAll(/[^a-zA-Z0-9]/g, ""));
  const [version, operation] = [segments.pop(), segments.pop()];
  const sender = (typeLabelOf(application) ?? application).replaceAll(/[^a-zA-Z0-9]/g, "");
  return `kyma.${typePrefix}.${sender}.${segments.join("")}.${operation}.${version}`;
}
