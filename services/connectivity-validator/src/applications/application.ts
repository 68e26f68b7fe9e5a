import type { Application } from "@application-connector/crds";
import type { KubeObject } from "@application-connector/kube";
import { ApplicationStats } from "../observe/application-stats.ts";
import { ApplicationLoad } from "../overload/application-load.ts";
import { type PathPrefixes, prefixesOf } from "../path/route.ts";
import { type InboundSettings, readSettings, type SettingMistake } from "../policy/settings.ts";

/** The only label that counts on this path. */
export const typeLabel = "application-type";

/** What a request needs to know of an Application, worked out once per change of it. */
export interface InboundApplication {
  readonly name: string;
  /** What Events of it are about. */
  readonly reference: KubeObject;
  readonly prefixes: PathPrefixes;
  /** The common names that may call, compared as they are. */
  readonly acceptedNames: ReadonlySet<string>;
  /** The O that the certificate must have. */
  readonly tenant: string | undefined;
  /** The OU that the certificate must have. */
  readonly group: string | undefined;
  /** The other name under which Eventing knows it: label `application-type`. */
  readonly typeLabel: string | undefined;
  readonly settings: InboundSettings;
  /** Annotations that could not be read. */
  readonly mistakes: readonly SettingMistake[];
  readonly stats: ApplicationStats;
  readonly load: ApplicationLoad;
}

export interface ApplicationRules {
  readonly prefixes: PathPrefixes;
  readonly placeholder: string;
  /** Who may call an Application of a formation that has no client ids: whoever bears its name, or nobody. */
  readonly emptyClientIds: "name" | "deny";
  /** Whether `spec.tenant` and `spec.group` bind the certificate's O and OU. */
  readonly tenantGroup: "ignore" | "ifset";
  /** What the annotations of an Application change begins with. */
  readonly annotationPrefix: string;
  /** For Applications without annotations. */
  readonly settings: InboundSettings;
}

/** `previous` is what this Application was until now. */
export function compileApplication(
  application: Application,
  rules: ApplicationRules,
  previous?: InboundApplication,
): InboundApplication {
  const { metadata, spec } = application;
  const { name, annotations, labels } = metadata;
  const bound = rules.tenantGroup === "ifset";
  const load = previous?.load ?? new ApplicationLoad();
  const read = readSettings(annotations ?? {}, rules.annotationPrefix, rules.settings, previous?.settings);
  load.setRate(read.settings.rateLimit, Date.now());
  return {
    name,
    reference: referenceTo(application),
    prefixes: prefixesOf(name, rules.prefixes, rules.placeholder),
    acceptedNames: new Set(acceptedNames(name, spec, rules)),
    tenant: bound ? spec?.tenant || undefined : undefined,
    group: bound ? spec?.group || undefined : undefined,
    typeLabel: labels?.[typeLabel] || undefined,
    ...read,
    stats: previous?.stats ?? new ApplicationStats(),
    load,
  };
}

function acceptedNames(name: string, spec: Application["spec"] | undefined, rules: ApplicationRules): string[] {
  if (!spec?.compassMetadata) return [name];
  const listed: unknown = spec.compassMetadata.authentication?.clientIds ?? [];
  // Whom a list that is none was meant to let in, nobody knows.
  if (!Array.isArray(listed)) return [];
  // An empty id would let in every certificate without a common name.
  const clientIds = listed.filter((id) => typeof id === "string" && id !== "");
  if (clientIds.length > 0) return clientIds;
  return rules.emptyClientIds === "name" ? [name] : [];
}

function referenceTo({ apiVersion, kind, metadata }: Application): KubeObject {
  const { name, uid } = metadata;
  return {
    ...(apiVersion && { apiVersion }),
    ...(kind && { kind }),
    metadata: { name, ...(uid && { uid }) },
  };
}

/** The entry as upstream's log lines show it: a Go struct. */
export function describe({ acceptedNames, prefixes }: InboundApplication): string {
  return `{[${[...acceptedNames].join(" ")}] ${prefixes.v1} ${prefixes.v2} ${prefixes.events}}`;
}
