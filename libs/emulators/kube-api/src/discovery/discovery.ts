import { createHash } from "node:crypto";
import { type Call, header } from "../http/call.ts";
import { send } from "../http/respond.ts";
import { apiVersionOf, type Kind } from "../kinds/kind.ts";
import type { Kinds } from "../kinds/kinds.ts";

/** What the server serves, for clients that find out by themselves. */

interface Group {
  name: string;
  versions: Map<string, Kind[]>;
}

function groupsOf(kinds: Kinds): Group[] {
  const groups = new Map<string, Group>();
  for (const kind of kinds.all()) {
    const group = groups.get(kind.group) ?? { name: kind.group, versions: new Map() };
    groups.set(kind.group, group);
    const version = group.versions.get(kind.version) ?? [];
    group.versions.set(kind.version, version);
    version.push(kind);
  }
  for (const group of groups.values())
    group.versions = new Map([...group.versions].sort(([a], [b]) => compareVersions(a, b)));
  return [...groups.values()];
}

/** The order Kubernetes prefers versions in: v2, v1, v1beta2, v1beta1, v1alpha1, anything else. */
export function compareVersions(a: string, b: string): number {
  const rank = (version: string) => {
    const [, major = "0", stage = "", minor = "0"] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
    if (major === "0") return [0, 0, 0] as const;
    return [stage === "" ? 3 : stage === "beta" ? 2 : 1, Number(major), Number(minor)] as const;
  };
  const [x, y] = [rank(a), rank(b)];
  return y[0] - x[0] || y[1] - x[1] || y[2] - x[2] || (a < b ? -1 : 1);
}

const groupVersion = (group: string, version: string) => apiVersionOf({ group, version });

export function apiVersions(address: string) {
  return {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: address }],
  };
}

function apiGroup({ name, versions }: Group) {
  const entries = [...versions.keys()].map((version) => ({ groupVersion: groupVersion(name, version), version }));
  return { name, versions: entries, preferredVersion: entries[0] };
}

export function apiGroupList(kinds: Kinds) {
  const groups = groupsOf(kinds).filter(({ name }) => name !== "");
  return { kind: "APIGroupList", apiVersion: "v1", groups: groups.map(apiGroup) };
}

export function oneGroup(kinds: Kinds, name: string) {
  const group = groupsOf(kinds).find((candidate) => candidate.name === name && name !== "");
  return group && { kind: "APIGroup", apiVersion: "v1", ...apiGroup(group) };
}

export function resourceList(kinds: Kinds, group: string, version: string) {
  const served = [...kinds.all()].filter((kind) => kind.group === group && kind.version === version);
  if (served.length === 0) return undefined;
  const resources = served
    .flatMap((kind) => [resource(kind), ...kind.subresources.map((sub) => subresource(kind, sub))])
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    kind: "APIResourceList",
    ...(group && { apiVersion: "v1" }),
    groupVersion: groupVersion(group, version),
    resources,
  };
}

function resource(kind: Kind) {
  return {
    name: kind.resource,
    singularName: kind.singular,
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs: kind.verbs,
    ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
    ...(kind.categories.length > 0 && { categories: kind.categories }),
    ...(kind.verbs.includes("list") && { storageVersionHash: storageHash(kind) }),
  };
}

function subresource(kind: Kind, { name, group, version, verbs, kind: subKind }: Kind["subresources"][number]) {
  return {
    name: `${kind.resource}/${name}`,
    singularName: "",
    namespaced: kind.namespaced,
    ...(group && { group, version }),
    kind: subKind,
    verbs,
  };
}

function storageHash({ group, version, kind }: Kind): string {
  return createHash("sha256").update(`${group}/${version}/${kind}`).digest().subarray(0, 8).toString("base64");
}

/** Everything at once: what kubectl asks for first. */
export function aggregated(kinds: Kinds, legacy: boolean) {
  const groups = groupsOf(kinds).filter(({ name }) => (name === "") === legacy);
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items: groups.map(({ name, versions }) => ({
      metadata: name ? { name } : {},
      versions: [...versions].map(([version, served]) => ({
        version,
        resources: served.map(aggregatedResource),
        freshness: "Current",
      })),
    })),
  };
}

function aggregatedResource(kind: Kind) {
  return {
    resource: kind.resource,
    responseKind: { group: kind.group, version: kind.version, kind: kind.kind },
    scope: kind.namespaced ? "Namespaced" : "Cluster",
    singularResource: kind.singular,
    verbs: kind.verbs,
    ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
    ...(kind.categories.length > 0 && { categories: kind.categories }),
    ...(kind.subresources.length > 0 && {
      subresources: kind.subresources.map((sub) => ({
        subresource: sub.name,
        responseKind: { group: sub.group ?? kind.group, version: sub.version ?? kind.version, kind: sub.kind },
        verbs: sub.verbs,
      })),
    }),
  };
}

export const aggregatedType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

const wantsAggregated = (call: Call) =>
  header(call, "accept")
    .split(",")
    .some(
      (option) => option.includes("as=APIGroupDiscoveryList") && option.includes("v=v2") && !option.includes("v2beta1"),
    );

/** Answers /api and /apis in the form the client can read. */
export function sendRoot(call: Call, kinds: Kinds, legacy: boolean, address: string): void {
  if (!wantsAggregated(call)) {
    send(call, { body: JSON.stringify(legacy ? apiVersions(address) : apiGroupList(kinds)) });
    return;
  }
  const body = JSON.stringify(aggregated(kinds, legacy));
  const etag = `"${createHash("sha256").update(body).digest("hex").toUpperCase()}"`;
  const headers = { etag, vary: "Accept", "cache-control": "public" };
  if (header(call, "if-none-match") === etag) {
    call.response.writeHead(304, headers).end();
    return;
  }
  send(call, { body, contentType: aggregatedType, headers });
}
