import { customResourceDefinitions, firstMistake, type Schema } from "@application-connector/crds";
import { type KeptField, keptFields, readKeptFields, withKeptFields } from "./kept-fields.ts";
import { type Fields, isFields, toV1alpha1, toV1beta1 } from "./versions.ts";

export const group = "operator.kyma-project.io";
/** On an object in one version: what of the other version it has no field for. */
export const keptAnnotation = `${group}/kept-fields`;

const versions = ["v1alpha1", "v1beta1"] as const;
type Version = (typeof versions)[number];

const mapped: Readonly<Record<Version, (spec: Fields) => Fields>> = { v1alpha1: toV1alpha1, v1beta1: toV1beta1 };

/** An object that nobody can convert, in words for whoever asked for it. */
export class ConversionError extends Error {
  override readonly name = "ConversionError";
}

/**
 * An ApplicationConnector in another version. What that one cannot say goes into an annotation, and comes back from there
 * with the way back: there and back again an object is the same.
 *
 * @throws {ConversionError}
 */
export function convert(object: Fields, desiredApiVersion: string): Fields {
  const { apiVersion, kind } = object;
  const from = versionOf(apiVersion);
  const to = versionOf(desiredApiVersion);
  if (from === undefined || to === undefined || kind !== "ApplicationConnector") {
    throw new ConversionError(`${apiVersion} ${kind} cannot be converted to ${desiredApiVersion}`);
  }
  if (from === to) return object;
  const { metadata, spec, ...others } = object;
  const { annotations, ...itself } = isFields(metadata) ? metadata : {};
  const { [keptAnnotation]: note, ...notes } = isFields(annotations) ? annotations : {};
  // Without a spec there is nothing to convert, and nothing to keep.
  const given = isFields(spec) ? spec : undefined;
  const converted = given && restored(mapped[to](given), notesOf(note, to), to);
  const missing = given && converted ? keptFields(mapped[from](converted), given) : [];
  const kept = missing.length > 0 ? { ...notes, [keptAnnotation]: JSON.stringify({ [from]: missing }) } : notes;
  return {
    ...others,
    apiVersion: desiredApiVersion,
    metadata: { ...itself, ...(Object.keys(kept).length > 0 && { annotations: kept }) },
    ...(spec === undefined ? {} : { spec: converted ?? spec }),
  };
}

function versionOf(apiVersion: unknown): Version | undefined {
  return versions.find((version) => `${group}/${version}` === apiVersion);
}

function notesOf(note: unknown, version: Version): readonly KeptField[] {
  if (typeof note !== "string") return [];
  try {
    const notes: unknown = JSON.parse(note);
    return (isFields(notes) && readKeptFields(notes[version])) || [];
  } catch {
    return [];
  }
}

/** The annotation is anybody's to write: what does not fit the version is as if it were not there. */
function restored(spec: Fields, kept: readonly KeptField[], version: Version): Fields {
  if (kept.length === 0) return spec;
  const whole = withKeptFields(spec, kept);
  return firstMistake(schemas[version], whole) === undefined ? whole : spec;
}

const schemas = Object.fromEntries(versions.map((version) => [version, specSchema(version)])) as Record<
  Version,
  Schema
>;

function specSchema(version: Version): Schema {
  const definition = customResourceDefinitions.find(({ spec }) => spec.group === group);
  const { schema } = definition?.spec.versions.find(({ name }) => name === version) ?? {};
  const spec = schema?.openAPIV3Schema.properties?.["spec"];
  if (spec === undefined) throw new TypeError(`ApplicationConnector has no version ${version}`);
  return spec;
}
