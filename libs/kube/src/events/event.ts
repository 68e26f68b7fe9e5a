import type { CoreEvent, Event, KubeObject, ObjectReference } from "../resources/types.ts";

/** What a controller has to say about an object. */
export interface Statement {
  type: "Normal" | "Warning";
  /** Why, in one CamelCase word: `FieldConflict`. */
  reason: string;
  /** For people; cut at 1 KiB. Never anything confidential. */
  message: string;
  /** What was done or not done, in one CamelCase word; the reason when left out. */
  action?: string | undefined;
}

/** Who says it. */
export interface Reporter {
  /** `application-connector-manager` */
  component: string;
  /** Which of its processes. */
  instance: string;
}

/** One thing that happened, once or several times. */
export interface Occurrence extends Statement {
  about: ObjectReference;
  name: string;
  count: number;
  /** Unix time. */
  firstMs: number;
  lastMs: number;
}

const longestNote = 1024;
const longestWord = 128;

/** The event in the shape of `events.k8s.io/v1`. */
export function eventOf(occurrence: Occurrence, reporter: Reporter): Event {
  const { about, type, message, firstMs } = occurrence;
  return {
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: { name: occurrence.name, namespace: namespaceOf(about) },
    eventTime: microTime(firstMs),
    ...words(occurrence),
    regarding: about,
    note: cut(message, longestNote),
    type,
    reportingController: reporter.component,
    reportingInstance: cut(reporter.instance, longestWord),
    ...(occurrence.count > 1 ? seriesOf(occurrence) : {}),
  };
}

/** The same in the shape of core/v1, for whoever looks for its `source` and counts. */
export function coreEventOf(occurrence: Occurrence, reporter: Reporter): CoreEvent {
  const { about, type, message, firstMs } = occurrence;
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: occurrence.name, namespace: namespaceOf(about) },
    firstTimestamp: wholeSeconds(firstMs),
    ...countOf(occurrence),
    ...words(occurrence),
    involvedObject: about,
    message: cut(message, longestNote),
    type,
    source: { component: reporter.component },
    reportingComponent: reporter.component,
    reportingInstance: cut(reporter.instance, longestWord),
  };
}

/** What changes when it happens again: a merge patch. */
export const seriesOf = ({ count, lastMs }: Occurrence) => ({
  series: { count, lastObservedTime: microTime(lastMs) },
});

export const countOf = ({ count, lastMs }: Occurrence) => ({ count, lastTimestamp: wholeSeconds(lastMs) });

/** Events of objects without a namespace live in `default`. */
export const namespaceOf = (about: ObjectReference): string => about.namespace ?? "default";

export function referenceTo({ apiVersion, kind, metadata }: KubeObject): ObjectReference {
  const { namespace, name, uid, resourceVersion } = metadata;
  return {
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(kind === undefined ? {} : { kind }),
    ...(namespace === undefined ? {} : { namespace }),
    name,
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}

const words = ({ reason, action = reason }: Statement) => ({
  reason: cut(reason, longestWord),
  action: cut(action, longestWord),
});

/** Cut to so many bytes, without half a character at the end. */
function cut(text: string, longest: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= longest) return text;
  return `${bytes
    .subarray(0, longest - 3)
    .toString()
    .replace(/\uFFFD$/, "")}…`;
}

const microTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, -1)}000Z`;
const wholeSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
