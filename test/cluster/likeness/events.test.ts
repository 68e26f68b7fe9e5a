import { compareServers } from "./compare.ts";
import { apply, create, meta, patch, remove, replace, type Step, table } from "./step.ts";

const { core, namespace, scenario } = compareServers("events");
const newEvents = `/apis/events.k8s.io/v1/namespaces/${namespace}/events`;
const oldEvents = `${core}/events`;
const about = { apiVersion: "v1", kind: "ConfigMap", namespace, name: "crm" };
const eventTime = "2026-01-01T00:00:00.123456Z";

const newEvent = (name: string, more: object = {}) => ({
  apiVersion: "events.k8s.io/v1",
  kind: "Event",
  metadata: meta(name),
  eventTime,
  regarding: about,
  reason: "Tested",
  action: "Test",
  type: "Normal",
  note: "all is well",
  reportingController: "tester",
  reportingInstance: "tester-1",
  ...more,
});

const oldEvent = (name: string, more: object = {}) => ({
  apiVersion: "v1",
  kind: "Event",
  metadata: meta(name),
  involvedObject: about,
  reason: "Tested",
  type: "Warning",
  message: "all is well",
  source: { component: "tester", host: "here" },
  firstTimestamp: "2026-01-01T00:00:00Z",
  lastTimestamp: "2026-01-01T00:00:00Z",
  count: 1,
  ...more,
});

/** In both shapes. */
const both = (name: string): Step[] => [{ path: `${newEvents}/${name}` }, { path: `${oldEvents}/${name}` }];

scenario("events of events.k8s.io", [
  create(newEvents, newEvent("new")),
  ...both("new"),
  create(newEvents, newEvent("new")),
  patch("merge-patch", `${newEvents}/new`, { series: { count: 2, lastObservedTime: "2026-01-01T00:01:00.000001Z" } }),
  patch("merge-patch", `${newEvents}/new`, { series: { count: 2, lastObservedTime: "2026-01-01T00:01:00.000001Z" } }),
  patch("strategic-merge-patch", `${newEvents}/new`, {
    series: { count: 3, lastObservedTime: "2026-01-01T00:02:00.000001Z" },
  }),
  patch("merge-patch", `${newEvents}/new`, { series: { count: 1 } }),
  patch("merge-patch", `${newEvents}/new`, { note: "other", reason: "Other", type: "Warning" }),
  patch("merge-patch", `${newEvents}/new`, { metadata: { labels: { a: "b" } } }),
  ...both("new"),
  create(newEvents, newEvent("series", { series: { count: 5, lastObservedTime: eventTime } })),
  create(newEvents, newEvent("bare", { regarding: undefined, note: undefined })),
  ...both("bare"),
  patch("merge-patch", `${newEvents}/missing`, { series: { count: 2, lastObservedTime: eventTime } }),
  remove(`${newEvents}/series`),
  { path: `${oldEvents}/series` },
]);

scenario("mistakes in events", [
  create(newEvents, { apiVersion: "events.k8s.io/v1", kind: "Event", metadata: meta("empty") }),
  create(newEvents, newEvent("reporter", { reportingController: "two words", reportingInstance: "" })),
  create(newEvents, newEvent("reporter", { reportingController: "" })),
  create(newEvents, newEvent("type", { type: "Odd" })),
  create(newEvents, newEvent("series", { series: { count: 1 } })),
  create(newEvents, newEvent("long", { note: "x".repeat(1025), reason: "r".repeat(129), action: "" })),
  create(newEvents, newEvent("old", { deprecatedCount: 2, deprecatedSource: { component: "x" } })),
  create(newEvents, newEvent("home", { regarding: { ...about, namespace: "other" } })),
  create(newEvents, newEvent("homeless", { regarding: { kind: "Namespace", name: "x" } })),
  create(`${newEvents}?fieldValidation=Strict`, newEvent("unknown", { message: "x" })),
  create(newEvents, newEvent("time", { eventTime: "2026-01-01T00:00:00Z" })),
  create(newEvents, oldEvent("wrong")),
  create(oldEvents, oldEvent("home", { involvedObject: { ...about, namespace: "other" } })),
  create(oldEvents, oldEvent("odd", { type: "Odd", reason: "" })),
  create(oldEvents, oldEvent("timed", { eventTime })),
]);

scenario("events of core/v1", [
  create(oldEvents, oldEvent("old")),
  ...both("old"),
  patch("merge-patch", `${oldEvents}/old`, { count: 2, lastTimestamp: "2026-01-01T00:01:00Z", message: "still" }),
  patch("merge-patch", `${newEvents}/old`, { series: { count: 2, lastObservedTime: eventTime } }),
  ...both("old"),
  replace(`${oldEvents}/put`, oldEvent("put")),
  apply(`${oldEvents}/applied`, "one", oldEvent("applied")),
]);

scenario("events are listed, chosen, printed and watched in both shapes", [
  ...[newEvents, oldEvents].map((path): Step => ({ path, accept: table })),
  { path: `${newEvents}?fieldSelector=regarding.name=crm,type=Warning` },
  { path: `${newEvents}?fieldSelector=reportingController=tester` },
  { path: `${newEvents}?fieldSelector=involvedObject.name=crm` },
  { path: `${oldEvents}?fieldSelector=involvedObject.name=crm,reportingComponent=tester` },
  { path: `${newEvents}?watch=true&fieldSelector=metadata.name=new`, readMs: 1000 },
  { path: `${newEvents}?watch=true&fieldSelector=metadata.name=old`, readMs: 1000, accept: table },
]);
