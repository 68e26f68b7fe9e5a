import { isMap, isScalar, type Pair, parseDocument, type YAMLMap } from "yaml";

/** One value of the chart: its path, its default and what its comment says. */
export interface ChartValue {
  readonly path: string;
  readonly byDefault: unknown;
  readonly comment: string;
}

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What the default does not say about a value, by its path; `*` stands for each component. */
const known: Readonly<Record<string, JsonSchema>> = {
  mode: { enum: ["operator", "standalone"] },
  namespace: { pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$" },
  domainName: { pattern: "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*)?$", maxLength: 253 },
  "image.pullPolicy": { enum: ["Always", "IfNotPresent", "Never"] },
  "image.pullSecrets": { items: { type: "string" } },
  "ingress.mode": { enum: ["Istio", "GatewayAPI", "BuiltIn", "None"] },
  "ingress.hostPrefix": { pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$" },
  "ingress.credentialName": { pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$" },
  "ingress.selector": { additionalProperties: { type: "string" } },
  "ingress.serviceType": { enum: ["LoadBalancer", "NodePort", "ClusterIP"] },
  "ingress.istio.networkingVersion": { enum: ["v1", "v1beta1"] },
  "ingress.istio.securityVersion": { enum: ["v1", "v1beta1", ""] },
  "ingress.gatewayAPI.caCertificateKind": { enum: ["Secret", "ConfigMap"] },
  "ingress.gatewayAPI.from": { items: { type: "object" } },
  "networkPolicies.mode": { enum: ["Disabled", "Allow", "DefaultDeny"] },
  "networkPolicies.externalCIDRs": { items: { type: "string", pattern: "^[0-9a-fA-F.:]+/[0-9]{1,3}$" } },
  "networkPolicies.apiServerPorts": { items: { type: "integer", minimum: 1, maximum: 65535 } },
  "defaultCR.name": { pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$" },
  "manager.replicas": { minimum: 0 },
  "manager.logLevel": { enum: ["debug", "info", "warn", "error", "fatal"] },
  "manager.istioRights": { type: ["boolean", "null"] },
  "manager.networkPolicy": { type: ["boolean", "null"] },
  "manager.webhook.url": { pattern: "^(https://[^?#@]+)?$" },
  "monitoring.monitors.interval": { pattern: "^([0-9]+(ms|s|m|h))+$" },
  "components.*.image.digest": { pattern: "^(sha256:[0-9a-f]{64})?$" },
  "manager.image.digest": { pattern: "^(sha256:[0-9a-f]{64})?$" },
  "components.gateway.logLevel": { enum: ["debug", "panic", "fatal", "error", "warn", "info"] },
  "components.gateway.proxyTimeoutSeconds": { minimum: 1, maximum: 86400 },
  "components.gateway.requestTimeoutSeconds": { minimum: 1, maximum: 86400 },
  "components.gateway.allowedNamespaces.names": { items: { type: "string" } },
  "components.*.scaling.minReplicas": { minimum: 1 },
  "components.*.scaling.maxReplicas": { minimum: 1 },
  "components.*.scaling.targetCPUUtilization": { minimum: 1 },
  "components.*.podDisruptionBudget.minAvailable": { type: ["integer", "string", "null"] },
  "components.*.topologySpreadConstraints": { type: ["array", "null"], items: { type: "object" } },
  "components.validator.logLevel": { enum: ["debug", "panic", "fatal", "error", "warn", "info"] },
  "components.validator.logFormat": { enum: ["json", "text"] },
  "components.validator.securityProfile": { enum: ["strict", "compat"] },
  "components.validator.delivery": { enum: ["proxy", "spool", "nats"] },
  "components.validator.spool.mode": { enum: ["on-failure", "always"] },
  "components.validator.spool.maxBytes": { minimum: 65536 },
  "components.validator.spool.maxBytesPerApplication": { minimum: 65536 },
  "components.validator.spool.maxAge": { pattern: "^([0-9]+([.][0-9]+)?(ms|s|m|h))+$" },
  "components.agent.replicas": { minimum: 0 },
  "components.agent.controllerSyncPeriod": { pattern: "^([0-9]+([.][0-9]+)?(ms|s|m|h))+$" },
  "components.agent.minimalConfigSyncTime": { pattern: "^([0-9]+([.][0-9]+)?(ms|s|m|h))+$" },
  "components.agent.certValidityRenewalThreshold": { pattern: "^(0([.][0-9]+)?|1([.]0+)?)$" },
};

/** Maps whose keys are the user's, though the default has some. */
const free = /(^global|^ingress\.selector|\.resources|\.labels|^defaultCR\.spec)$/;

/** The values in the order of values.yaml. */
export function readValues(text: string): ChartValue[] {
  const { contents } = parseDocument(text);
  if (!isMap(contents)) throw new Error("values.yaml is no map");
  return valuesIn(contents, "");
}

function valuesIn(map: YAMLMap, above: string): ChartValue[] {
  return (map.items as Pair[]).flatMap(({ key, value }, index) => {
    if (!isScalar(key)) throw new Error(`a key in ${above} is no text`);
    const path = above === "" ? String(key.value) : `${above}.${key.value}`;
    // What stands before the first key belongs to the map in this library's eyes.
    const before = key.commentBefore ?? (index === 0 ? map.commentBefore : undefined) ?? "";
    const comment = before.trim().replace(/\n\s*/g, " ");
    if (isMap(value) && value.items.length > 0 && !free.test(path)) {
      const inner = valuesIn(value, path);
      return comment === "" ? inner : [{ path, byDefault: undefined, comment }, ...inner];
    }
    return [{ path, byDefault: isScalar(value) ? value.value : ((value as YAMLMap).toJSON() as unknown), comment }];
  });
}

/** JSON Schema draft-07, which every Helm 3 reads. Strict within our sections; a chart around this one may have its own beside them. */
export function valuesSchema(values: readonly ChartValue[]): JsonSchema {
  const leaves = values.filter(({ byDefault }) => byDefault !== undefined);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    ...section(leaves, values, ""),
    additionalProperties: true,
  };
}

function section(leaves: readonly ChartValue[], all: readonly ChartValue[], above: string): JsonSchema {
  const prefix = above === "" ? "" : `${above}.`;
  const names = [...new Set(leaves.map(({ path }) => path.slice(prefix.length).split(".")[0] ?? ""))];
  const properties = names.map((name): [string, JsonSchema] => {
    const path = `${prefix}${name}`;
    const description = all.find((value) => value.path === path)?.comment;
    const leaf = leaves.find((value) => value.path === path);
    const within = leaves.filter((value) => value.path.startsWith(`${path}.`));
    const schema = leaf === undefined ? section(within, all, path) : leafSchema(leaf);
    return [name, { ...(description ? { description: description.trim() } : {}), ...schema }];
  });
  return { type: "object", additionalProperties: false, properties: Object.fromEntries(properties) };
}

function leafSchema({ path, byDefault }: ChartValue): JsonSchema {
  const more = known[path] ?? known[path.replace(/^components\.\w+\./, "components.*.")] ?? {};
  return { ...typeOf(byDefault), ...more };
}

function typeOf(value: unknown): JsonSchema {
  if (Array.isArray(value)) return { type: "array" };
  if (typeof value === "number") return { type: Number.isInteger(value) ? "integer" : "number" };
  if (typeof value === "object" && value !== null) return { type: "object" };
  if (value === null) return {};
  return { type: typeof value };
}
