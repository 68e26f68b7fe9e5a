import { type Fields, isFields, sameJson, valueAt } from "../json.ts";
import type { KubeObject } from "../objects.ts";
import type { FieldError } from "../status.ts";
import type { Form } from "./form.ts";
import type { Behaviour } from "./kind.ts";
import { isQualified, qualifiedHint } from "./names.ts";

/** The fields of core/v1 that events.k8s.io calls by another name. */
const newNames: Readonly<Record<string, string>> = {
  involvedObject: "regarding",
  message: "note",
  source: "deprecatedSource",
  firstTimestamp: "deprecatedFirstTimestamp",
  lastTimestamp: "deprecatedLastTimestamp",
  count: "deprecatedCount",
  reportingComponent: "reportingController",
};
const oldNames = Object.fromEntries(Object.entries(newNames).map(([old, now]) => [now, old]));

const renamed = (object: KubeObject, names: Readonly<Record<string, string>>, apiVersion: string): KubeObject => ({
  ...(Object.fromEntries(Object.entries(object).map(([name, value]) => [names[name] ?? name, value])) as KubeObject),
  apiVersion,
});

/** Events are stored as those of core/v1, whichever way they came. */
export const newEventForm: Form = {
  shown(object) {
    if (object.apiVersion !== "v1") return object;
    const event = renamed(object, newNames, "events.k8s.io/v1");
    // Here, other than there, the reporter is left out when it is empty.
    omitEmptyTexts(event);
    return event;
  },
  stored(object) {
    if (object.apiVersion === "v1") return object;
    const event = renamed(object, oldNames, "v1");
    complete(event);
    return event;
  },
};

/** The empty ones of the old fields are there too. */
function complete(object: KubeObject): void {
  for (const field of ["eventTime", "firstTimestamp", "lastTimestamp"]) object[field] ??= null;
  for (const field of ["reportingComponent", "reportingInstance"]) object[field] ??= "";
}

/** Empty texts are left out, as by Go. */
function omitEmptyTexts(object: KubeObject): void {
  for (const [field, value] of Object.entries(object)) if (value === "") delete object[field];
}

/** core/v1 */
export const event: Behaviour = {
  createOnUpdate: true,
  selectable: [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type",
  ],
  defaults: omitEmptyTexts,
  prepare: complete,
  validate: (object) => errorsIn(object, "reportingComponent"),
};

/** events.k8s.io/v1: stricter, and nothing changes but the series. */
export const newEvent: Behaviour = {
  createOnUpdate: true,
  selectable: [
    "regarding.kind",
    "regarding.namespace",
    "regarding.name",
    "regarding.uid",
    "regarding.apiVersion",
    "regarding.resourceVersion",
    "regarding.fieldPath",
    "reason",
    "reportingController",
    "type",
  ],
  defaults: omitEmptyTexts,
  errorKind: { group: "", kind: "Event" },
  prepare(object) {
    for (const field of ["eventTime", "deprecatedFirstTimestamp", "deprecatedLastTimestamp"]) object[field] ??= null;
  },
  validate(object, previous) {
    const next = newEventForm.stored(object);
    const errors = errorsIn(next, "reportingController");
    if (!previous) return [...errors, ...seriesErrors(next), ...creationErrors(next)];
    const old = newEventForm.stored(previous);
    return [...errors, ...(sameJson(next["series"], old["series"]) ? [] : seriesErrors(next)), ...changes(next, old)];
  },
};

const invalidValue = (field: string, why: string, value: unknown = ""): FieldError => ({
  type: "FieldValueInvalid",
  field,
  message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
});
const required = (field: string): FieldError => ({ type: "FieldValueRequired", field, message: "Required value" });

function errorsIn(event: KubeObject, reporterField: string): FieldError[] {
  const { namespace = "" } = event.metadata;
  const about = String(valueAt(event, "involvedObject", "namespace") ?? "");
  const isNew = event["eventTime"] != null;
  const homes = about ? [about] : ["default", ...(isNew ? ["kube-system"] : [])];
  const isHome = homes.includes(namespace) || (isNew && about !== "");
  const errors = isHome ? [] : [invalidValue("involvedObject.namespace", "does not match event.namespace", about)];
  return isNew ? [...errors, ...wordErrors(event, reporterField)] : errors;
}

function wordErrors(event: KubeObject, reporterField: string): FieldError[] {
  const text = (field: string): string => String(event[field] ?? "");
  const reporter = text("reportingComponent");
  const nonEmpty = invalidValue(reporterField, "name part must be non-empty", reporter);
  return [
    ...(reporter ? [] : [required(reporterField), nonEmpty]),
    ...(isQualified(reporter) ? [] : [invalidValue(reporterField, qualifiedHint, reporter)]),
    ...["reportingInstance", "action", "reason"].flatMap((field) => [
      ...(text(field) ? [] : [required(field)]),
      ...tooLong(field, text(field), 128),
    ]),
    ...tooLong("message", text("message"), 1024),
  ];
}

const tooLong = (field: string, text: string, longest: number): FieldError[] =>
  Buffer.byteLength(text) > longest ? [invalidValue(field, `can have at most ${longest} characters`)] : [];

function seriesErrors({ series }: Fields): FieldError[] {
  if (!isFields(series)) return [];
  return [
    ...(Number(series["count"] ?? 0) < 2 ? [invalidValue("series.count", "should be at least 2")] : []),
    ...(series["lastObservedTime"] ? [] : [required("series.lastObservedTime")]),
  ];
}

function creationErrors(event: KubeObject): FieldError[] {
  const type = String(event["type"] ?? "");
  const source = event["source"];
  const set = (field: string, isSet: boolean) => (isSet ? [invalidValue(field, "needs to be unset")] : []);
  return [
    ...(event["eventTime"] ? [] : [required("eventTime")]),
    ...(["Normal", "Warning"].includes(type) ? [] : [invalidValue("type", `has invalid value: ${type}`)]),
    ...set("firstTimestamp", Boolean(event["firstTimestamp"])),
    ...set("lastTimestamp", Boolean(event["lastTimestamp"])),
    ...set("count", Boolean(event["count"])),
    ...set("source", isFields(source) && Object.keys(source).length > 0),
  ];
}

/** In the order, and as often, as the real server looks at them. */
const fixed = [
  "involvedObject",
  "reason",
  "message",
  "source",
  "firstTimestamp",
  "lastTimestamp",
  "count",
  "reason",
  "type",
  "eventTime",
  "action",
  "related",
  "reportingController",
  "reportingInstance",
];

function changes(next: KubeObject, old: KubeObject): FieldError[] {
  const fieldOf = (event: KubeObject, field: string) => event[oldNames[field] ?? field];
  return fixed
    .filter((field) => !sameJson(fieldOf(next, field), fieldOf(old, field)))
    .map((field) => invalidValue(field, "field is immutable", fieldOf(next, field) ?? ""));
}
