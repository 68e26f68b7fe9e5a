import { type Fields, fieldsAt, valueAt } from "../json.ts";
import type { KubeObject } from "../objects.ts";
import { age } from "./age.ts";
import { workloadCells } from "./workload-cells.ts";

export type Cells = (object: KubeObject, now: number) => unknown[];

const count = (value: unknown): number => (typeof value === "object" && value !== null ? Object.keys(value).length : 0);
const none = "<none>";
const unset = "<unset>";

const aged = ({ metadata }: KubeObject, now: number) => age(metadata.creationTimestamp, now);
const list = (object: unknown, ...path: string[]): Fields[] => {
  const value = valueAt(object, ...path);
  return Array.isArray(value) ? (value as Fields[]) : [];
};

/** `app=crm,tier=web` */
export function printLabels(labels: unknown): string {
  const pairs = Object.entries((labels ?? {}) as Record<string, string>).sort(([a], [b]) => (a < b ? -1 : 1));
  return pairs.map(([key, value]) => `${key}=${value}`).join(",") || none;
}

function printSelector(selector: Fields | undefined): string {
  return selector === undefined ? unset : printLabels(selector["matchLabels"]);
}

function dataCells(object: KubeObject, now: number): unknown[] {
  const { data, binaryData } = object as { data?: object; binaryData?: object };
  return [object.metadata.name, count(data) + count(binaryData), aged(object, now)];
}

function subjects(object: KubeObject, kind: string): string {
  return list(object, "subjects")
    .filter((subject) => subject["kind"] === kind)
    .map(({ name, namespace }) => (kind === "ServiceAccount" ? `${namespace}/${name}` : name))
    .join(", ");
}

function bindingCells(object: KubeObject, now: number): unknown[] {
  const role = `${valueAt(object, "roleRef", "kind")}/${valueAt(object, "roleRef", "name")}`;
  return [
    object.metadata.name,
    role,
    aged(object, now),
    ...["User", "Group", "ServiceAccount"].map((kind) => subjects(object, kind)),
  ];
}

function service(object: KubeObject, now: number): unknown[] {
  const spec = fieldsAt(object, "spec") ?? {};
  const ports = list(object, "spec", "ports").map(({ port, nodePort, protocol = "TCP" }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  );
  const external = spec["type"] === "ExternalName" ? spec["externalName"] : none;
  return [
    object.metadata.name,
    spec["type"] ?? "ClusterIP",
    spec["clusterIP"] ?? none,
    external,
    ports.join(",") || none,
    aged(object, now),
    printLabels(spec["selector"]),
  ];
}

function endpoints(object: KubeObject, now: number): unknown[] {
  const addresses = list(object, "subsets").flatMap((subset) =>
    list(subset, "addresses").flatMap(({ ip }) => list(subset, "ports").map(({ port }) => `${ip}:${port}`)),
  );
  const shown = addresses.slice(0, 3).join(",");
  const text = addresses.length > 3 ? `${shown} + ${addresses.length - 3} more...` : shown || none;
  return [object.metadata.name, text, aged(object, now)];
}

function event(object: KubeObject, now: number): unknown[] {
  const involved = fieldsAt(object, "involvedObject") ?? {};
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const first = text(object["firstTimestamp"]) || text(object["eventTime"]);
  const last = text(valueAt(object, "series", "lastObservedTime")) || text(object["lastTimestamp"]) || first;
  const source = [
    valueAt(object, "source", "component") || object["reportingComponent"],
    valueAt(object, "source", "host") || object["reportingInstance"],
  ];
  return [
    age(last, now),
    text(object["type"]),
    text(object["reason"]),
    `${text(involved["kind"]).toLowerCase()}/${text(involved["name"])}`,
    text(involved["fieldPath"]),
    source.filter((part) => part).join(", "),
    text(object["message"]).trim(),
    age(first, now),
    valueAt(object, "series", "count") ?? object["count"] ?? 1,
    object.metadata.name,
  ];
}

function budget(object: KubeObject, now: number): unknown[] {
  const spec = fieldsAt(object, "spec") ?? {};
  const text = (value: unknown) => (value === undefined ? "N/A" : String(value));
  const allowed = Number(valueAt(object, "status", "disruptionsAllowed") ?? 0);
  return [object.metadata.name, text(spec["minAvailable"]), text(spec["maxUnavailable"]), allowed, aged(object, now)];
}

function networkPolicy(object: KubeObject, now: number): unknown[] {
  return [object.metadata.name, printSelector(fieldsAt(object, "spec", "podSelector")), aged(object, now)];
}

const cells: Readonly<Record<string, Cells>> = {
  "/configmaps": dataCells,
  "/endpoints": endpoints,
  "/events": event,
  "/limitranges": ({ metadata }) => [metadata.name, metadata.creationTimestamp],
  "/namespaces": (object, now) => [object.metadata.name, valueAt(object, "status", "phase") ?? "", aged(object, now)],
  "/secrets": (object, now) => [object.metadata.name, object["type"], count(object["data"]), aged(object, now)],
  "/serviceaccounts": (object, now) => [object.metadata.name, aged(object, now)],
  "/services": service,
  "apiextensions.k8s.io/customresourcedefinitions": ({ metadata }) => [metadata.name, metadata.creationTimestamp],
  "coordination.k8s.io/leases": (object, now) => [
    object.metadata.name,
    valueAt(object, "spec", "holderIdentity") ?? "",
    aged(object, now),
  ],
  "networking.k8s.io/networkpolicies": networkPolicy,
  "policy/poddisruptionbudgets": budget,
  "rbac.authorization.k8s.io/clusterrolebindings": bindingCells,
  "rbac.authorization.k8s.io/rolebindings": bindingCells,
  "rbac.authorization.k8s.io/clusterroles": ({ metadata }) => [metadata.name, metadata.creationTimestamp],
  "rbac.authorization.k8s.io/roles": ({ metadata }) => [metadata.name, metadata.creationTimestamp],
  "scheduling.k8s.io/priorityclasses": (object, now) => [
    object.metadata.name,
    object["value"] ?? 0,
    object["globalDefault"] ?? false,
    aged(object, now),
    object["preemptionPolicy"] ?? "PreemptLowerPriority",
  ],
  "admissionregistration.k8s.io/validatingwebhookconfigurations": webhooks,
  "admissionregistration.k8s.io/mutatingwebhookconfigurations": webhooks,
  ...workloadCells,
};

function webhooks(object: KubeObject, now: number): unknown[] {
  return [object.metadata.name, list(object, "webhooks").length, aged(object, now)];
}

export const cellsOf = (collection: string): Cells | undefined => cells[collection];
