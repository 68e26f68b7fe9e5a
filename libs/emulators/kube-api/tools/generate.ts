/**
 * Writes `src/generated/` from a running, real API server: which built-in resources there are, how they print, and their
 * schemas. Everything the emulator knows about built-in kinds that is not behaviour comes from here.
 *
 *     KUBE_SERVER=https://127.0.0.1:6443 KUBE_TOKEN=… NODE_EXTRA_CA_CERTS=ca.crt node tools/generate.ts
 */
import { writeFileSync } from "node:fs";

/** Whatever JSON.parse gives: discovery and OpenAPI documents are read as they come. */
type Wire = ReturnType<typeof JSON.parse>;

const server = process.env["KUBE_SERVER"] ?? "https://127.0.0.1:6443";
const token = process.env["KUBE_TOKEN"] ?? "";

/** What is emulated. Everything else of Kubernetes is left out, also in discovery. */
const wanted: Record<string, readonly string[]> = {
  v1: [
    "configmaps",
    "endpoints",
    "events",
    "limitranges",
    "namespaces",
    "nodes",
    "persistentvolumeclaims",
    "pods",
    "resourcequotas",
    "secrets",
    "serviceaccounts",
    "services",
  ],
  "admissionregistration.k8s.io/v1": ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"],
  "apiextensions.k8s.io/v1": ["customresourcedefinitions"],
  "apps/v1": ["daemonsets", "deployments", "replicasets", "statefulsets"],
  "authentication.k8s.io/v1": ["selfsubjectreviews", "tokenreviews"],
  "authorization.k8s.io/v1": [
    "localsubjectaccessreviews",
    "selfsubjectaccessreviews",
    "selfsubjectrulesreviews",
    "subjectaccessreviews",
  ],
  "autoscaling/v2": ["horizontalpodautoscalers"],
  "batch/v1": ["cronjobs", "jobs"],
  "coordination.k8s.io/v1": ["leases"],
  "discovery.k8s.io/v1": ["endpointslices"],
  "events.k8s.io/v1": ["events"],
  "networking.k8s.io/v1": ["ingresses", "networkpolicies"],
  "policy/v1": ["poddisruptionbudgets"],
  "rbac.authorization.k8s.io/v1": ["clusterrolebindings", "clusterroles", "rolebindings", "roles"],
  "scheduling.k8s.io/v1": ["priorityclasses"],
};
const wantedSubresources = new Set(["status", "scale", "token", "finalize"]);

async function read(path: string, accept = "application/json"): Promise<Wire> {
  const response = await fetch(new URL(path, server), { headers: { accept, authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

const openapi = await read("/openapi/v2");
const kindOf = new Map<string, string>();
for (const [name, definition] of Object.entries<Wire>(openapi.definitions)) {
  for (const gvk of definition["x-kubernetes-group-version-kind"] ?? []) {
    kindOf.set([gvk.group, gvk.version, gvk.kind].join("/"), name);
  }
}

// Items of a list are known by these fields, also where they are left out and have a default.
const itemKeys = new Map<string, Set<string>>();
for (const definition of Object.values<Wire>(openapi.definitions)) {
  for (const property of Object.values<Wire>(definition.properties ?? {})) {
    const item = property.items?.["$ref"]?.replace("#/definitions/", "");
    const keys = property["x-kubernetes-list-map-keys"];
    if (item && keys) itemKeys.set(item, new Set([...(itemKeys.get(item) ?? []), ...keys]));
  }
}

// Only version 3 tells defaults, and so which fields are Go structs that are always there: they have the default {}.
for (const path of Object.keys((await read("/openapi/v3")).paths)) {
  if (!/^(api\/v1|apis\/[^/]+\/[^/]+)$/.test(path)) continue;
  const { components } = await read(`/openapi/v3/${path}`);
  for (const [name, schema] of Object.entries<Wire>(components?.schemas ?? {})) {
    for (const [key, property] of Object.entries<Wire>(schema.properties ?? {})) {
      const known = openapi.definitions[name]?.properties?.[key];
      if (known && JSON.stringify(property.default) === "{}") known.default = {};
      if (known && itemKeys.get(name)?.has(key) && property.default !== undefined) known.default = property.default;
    }
  }
}

const resources: object[] = [];
const reachable = new Map<string, unknown>();

function reach(name: string): void {
  if (reachable.has(name)) return;
  const definition = openapi.definitions[name];
  // A list of thousands of group-version-kinds that share one definition is of no use to anybody here.
  if (name.startsWith("io.k8s.apimachinery")) delete definition["x-kubernetes-group-version-kind"];
  reachable.set(name, definition);
  for (const [, target] of JSON.stringify(definition).matchAll(/"#\/definitions\/([^"]+)"/g)) reach(target as string);
}

for (const [groupVersion, names] of Object.entries(wanted)) {
  const list = await read(groupVersion === "v1" ? "/api/v1" : `/apis/${groupVersion}`);
  for (const name of names) {
    const entry = list.resources.find((resource: Wire) => resource.name === name);
    if (!entry) throw new Error(`${groupVersion} has no ${name}`);
    const [version, group = ""] = groupVersion.split("/").reverse() as [string, string?];
    const definition = kindOf.get([group, version, entry.kind].join("/"));
    if (!definition) throw new Error(`no schema for ${groupVersion} ${entry.kind}`);
    reach(definition);
    const subresources = list.resources
      .filter((other: Wire) => other.name.startsWith(`${name}/`))
      .map((other: Wire) => ({ ...other, name: other.name.slice(name.length + 1) }))
      .filter((other: Wire) => wantedSubresources.has(other.name))
      .map(({ name, kind, group, version, verbs }: Wire) => ({ name, kind, verbs, ...(group && { group, version }) }));
    for (const { kind, group: g = group, version: v = version } of subresources) {
      const target = kindOf.get([g, v, kind].join("/"));
      if (target) reach(target);
    }
    let columns: unknown[] = [];
    if (entry.verbs.includes("list")) {
      const prefix = groupVersion === "v1" ? "/api/v1" : `/apis/${groupVersion}`;
      const table = await read(`${prefix}/${name}?limit=1`, "application/json;as=Table;g=meta.k8s.io;v=v1");
      columns = table.columnDefinitions;
    }
    resources.push({
      group,
      version,
      resource: name,
      singular: entry.singularName,
      kind: entry.kind,
      namespaced: entry.namespaced,
      verbs: entry.verbs,
      shortNames: entry.shortNames ?? [],
      categories: entry.categories ?? [],
      subresources,
      definition,
      columns,
    });
  }
}
for (const name of ["DeleteOptions", "Status", "WatchEvent", "Patch"])
  reach(`io.k8s.apimachinery.pkg.apis.meta.v1.${name}`);

const banner = "// Generated by tools/generate.ts from a real API server; do not edit.\n";
const lines = [...reachable].sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(
  new URL("../src/generated/definitions.ts", import.meta.url),
  `${banner}/** The OpenAPI definitions of the built-in kinds, each as JSON text: parsed when first needed. */\nexport const definitions: Readonly<Record<string, string>> = {\n${lines
    .map(([name, definition]) => `  ${JSON.stringify(name)}: ${JSON.stringify(JSON.stringify(definition))},\n`)
    .join("")}};\n`,
);
writeFileSync(
  new URL("../src/generated/resources.ts", import.meta.url),
  `${banner}/** The built-in resources, as JSON text. */\nexport const resources: readonly string[] = [\n${resources
    .map((resource) => `  ${JSON.stringify(JSON.stringify(resource))},\n`)
    .join("")}];\n`,
);
