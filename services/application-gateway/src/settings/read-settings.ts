import { type SettingKey, type Settings, settings } from "./settings.ts";

/** What all annotations that concern the gateway begin with. */
export const annotationPrefix = "application-gateway.kyma-project.io/";

/** A name behind the prefix may be no longer (Kubernetes, labels and annotations). */
const longestName = 63;

/** Which API is asked about, by its path segments. */
export interface Place {
  readonly serviceSegment: string;
  readonly entrySegment: string;
}

/** What the annotations of an Application say about one of its APIs. */
export interface PlaceSettings {
  readonly values: Settings;
  /** The annotation that a value stands in, without the prefix: the same for all APIs that share the value. */
  readonly sources: { readonly [K in SettingKey]?: string };
  /** What is wrong with annotations about this API. Their defaults apply. */
  readonly mistakes: readonly string[];
}

/** The settings of an API that no annotation speaks of; one object for all of them. */
export const noSettings: PlaceSettings = { values: {}, sources: {}, mistakes: [] };

/** The annotations that the gateway reads; undefined when there are none. */
export function ownAnnotations(annotations: Readonly<Record<string, string>> = {}): Record<string, string> | undefined {
  const own = Object.entries(annotations).filter(([name]) => name.startsWith(annotationPrefix));
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

const byName = new Map(Object.entries(settings).map(([key, setting]) => [setting.name, { key, setting }]));

/**
 * Reads the annotations of one Application. `{name}.{service}.{entry}` wins over `{name}.{service}`, and that over
 * `{name}`; service and entry are the path segments of the API. Where such a name would be too long for Kubernetes, its
 * end is left off.
 */
export class AnnotationReader {
  readonly #annotations: ReadonlyMap<string, string>;
  readonly #names: readonly string[];
  readonly #unused: Set<string>;

  constructor(annotations: Readonly<Record<string, string>> | undefined) {
    const own = Object.entries(ownAnnotations(annotations) ?? {}).map(
      ([name, text]) => [name.slice(annotationPrefix.length), text] as const,
    );
    this.#annotations = new Map(own);
    this.#unused = new Set(this.#annotations.keys());
    this.#names = [...new Set(own.map(([name]) => name.split(".", 1)[0] as string))].filter((name) => byName.has(name));
  }

  /** What the annotations say about an API. */
  read(place: Place): PlaceSettings {
    if (this.#names.length === 0) return noSettings;
    const values: Record<string, unknown> = {};
    const sources: Record<string, string> = {};
    const mistakes: string[] = [];
    for (const name of this.#names) {
      const { key, setting } = byName.get(name) as NonNullable<ReturnType<typeof byName.get>>;
      for (const source of sourcesOf(name, place)) {
        const text = this.#annotations.get(source);
        if (text === undefined) continue;
        this.#unused.delete(source);
        if (key in values) continue;
        const { value, mistake } = setting.read(text);
        if (mistake !== undefined) mistakes.push(`annotation '${annotationPrefix}${source}': ${mistake}`);
        if (value === undefined) continue;
        values[key] = value;
        sources[key] = source;
      }
    }
    const isEmpty = Object.keys(values).length === 0 && mistakes.length === 0;
    return isEmpty
      ? noSettings
      : { values: values as Settings, sources: sources as PlaceSettings["sources"], mistakes };
  }

  /** What is wrong with annotations that speak of nothing, once all APIs were read. */
  strays(): string[] {
    return [...this.#unused].map((name) => {
      const known = byName.has(name.split(".", 1)[0] ?? "");
      const why = known ? "the Application has no such API" : "there is no such setting";
      return `annotation '${annotationPrefix}${name}' ignored: ${why}`;
    });
  }
}

/** The annotations that may hold a setting of an API, the one that wins first. */
function sourcesOf(name: string, { serviceSegment, entrySegment }: Place): string[] {
  const ofService = serviceSegment === "" ? [] : [`${name}.${serviceSegment}`];
  const ofEntry = serviceSegment === "" || entrySegment === "" ? [] : [`${name}.${serviceSegment}.${entrySegment}`];
  return [...ofEntry.map(fitting), ...ofService.map(fitting), name];
}

/** Kubernetes wants a letter or digit at the end. */
function fitting(name: string): string {
  return name.slice(0, longestName).replace(/[-.]+$/, "");
}
