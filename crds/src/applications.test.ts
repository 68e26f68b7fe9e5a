import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { applications, customResourceDefinitions, firstMistake, type Schema, walkSchema } from "./index.ts";
import { kymaObjects } from "./kyma-objects.test-data.ts";

const [definition] = customResourceDefinitions;
if (definition === undefined) throw new Error("no CRD");
const [version] = definition.spec.versions;
if (version === undefined) throw new Error("no version");
const schema = version.schema.openAPIV3Schema;
const schemas = new Map(Array.from(walkSchema(schema), ({ path, schema }) => [path, schema]));

describe("the Application CRD", () => {
  test("keeps the names Kyma's users know", () => {
    expect(definition.metadata.name).toBe("applications.applicationconnector.kyma-project.io");
    expect(definition.spec).toMatchObject({
      group: "applicationconnector.kyma-project.io",
      scope: "Cluster",
      names: { plural: "applications", singular: "application", kind: "Application", shortNames: ["app"] },
    });
    expect(definition.spec.versions).toHaveLength(1);
    expect(version).toMatchObject({ name: "v1alpha1", served: true, storage: true, subresources: { status: {} } });
    expect(definition.metadata.annotations).toHaveProperty(["helm.sh/resource-policy"], "keep");
    expect(applications).toMatchObject({
      group: "applicationconnector.kyma-project.io",
      version: "v1alpha1",
      plural: "applications",
      kind: "Application",
      namespaced: false,
    });
  });

  test("can be listed in the category app-connector, with columns", () => {
    expect(definition.spec.names.categories).toEqual(["app-connector"]);
    expect(version.additionalPrinterColumns?.map(({ name }) => name)).toEqual([
      "DisplayName",
      "Services",
      "Ready",
      "Synced",
      "Source",
      "UCL ID",
      "Description",
      "Age",
    ]);
  });

  test("describes every field", () => {
    const silent = [...schemas].filter(([, { description }]) => !description?.trim()).map(([path]) => path);
    // The API server forbids a description there: it knows metadata itself.
    expect(silent).toEqual([".metadata"]);
  });

  test("requires what Kyma's requires and nothing else", () => {
    const required = [...schemas]
      .filter(([path, { required }]) => required !== undefined && !path.startsWith(".status.conditions"))
      .map(([path, { required }]) => [path, required]);
    expect(Object.fromEntries(required)).toEqual({
      ".spec.compassMetadata": ["authentication"],
      ".spec.compassMetadata.authentication": ["clientIds"],
      ".spec.services[]": ["id", "name", "displayName", "providerDisplayName", "description", "entries"],
      ".spec.services[].entries[]": ["type"],
      ".spec.services[].entries[].credentials": ["type", "secretName"],
      ".spec.services[].entries[].credentials.csrfInfo": ["tokenEndpointURL"],
      // Kyma's also requires installationStatus inside status, which would forbid conditions alone.
      ".status.installationStatus": ["status"],
    });
  });

  test("restricts and defaults what Kyma's does and nothing else", () => {
    const accessLabel = { maxLength: 63, pattern: "^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$" };
    const rules = [...schemas]
      .filter(([path]) => !path.startsWith(".status.conditions"))
      .map(([path, { type, description, properties, required, items, additionalProperties, ...rest }]) => [path, rest]);
    expect(Object.fromEntries(rules.filter(([, rest]) => Object.keys(rest as object).length > 0))).toEqual({
      ".spec.accessLabel": accessLabel,
      ".spec.encodeUrl": { default: true },
      ".spec.labels": { nullable: true },
      ".spec.tags": { nullable: true },
      ".spec.services[].labels": { nullable: true },
      ".spec.services[].entries[].type": { enum: ["API", "Events"] },
      ".spec.services[].entries[].accessLabel": accessLabel,
    });
  });

  test("has the fields of Kyma's, with their types, and conditions in addition", () => {
    const strings = (prefix: string, ...names: string[]) => names.map((name) => [`${prefix}.${name}`, "string"]);
    const entry = ".spec.services[].entries[]";
    const fields = [...schemas].filter(([path]) => !path.startsWith(".status.conditions[]"));
    expect(Object.fromEntries(fields.map(([path, { type }]) => [path, type]))).toEqual({
      "": "object",
      ".metadata": "object",
      ".spec": "object",
      ".status": "object",
      ".status.installationStatus": "object",
      ".status.conditions": "array",
      ".spec.skipInstallation": "boolean",
      ".spec.skipVerify": "boolean",
      ".spec.encodeUrl": "boolean",
      ".spec.labels": "object",
      ".spec.labels{}": "string",
      ".spec.tags": "array",
      ".spec.tags[]": "string",
      ".spec.compassMetadata": "object",
      ".spec.compassMetadata.applicationId": "string",
      ".spec.compassMetadata.authentication": "object",
      ".spec.compassMetadata.authentication.clientIds": "array",
      ".spec.compassMetadata.authentication.clientIds[]": "string",
      ".spec.services": "array",
      ".spec.services[]": "object",
      ".spec.services[].labels": "object",
      ".spec.services[].labels{}": "string",
      ".spec.services[].tags": "array",
      ".spec.services[].tags[]": "string",
      ".spec.services[].entries": "array",
      [entry]: "object",
      [`${entry}.credentials`]: "object",
      [`${entry}.credentials.csrfInfo`]: "object",
      ...Object.fromEntries([
        ...strings("", "apiVersion", "kind"),
        ...strings(".spec", "description", "displayName", "providerDisplayName", "longDescription", "tenant", "group"),
        ...strings(".spec", "accessLabel"),
        ...strings(".spec.services[]", "id", "identifier", "name", "displayName", "description", "longDescription"),
        ...strings(".spec.services[]", "providerDisplayName", "authCreateParameterSchema"),
        ...strings(entry, "type", "apiType", "id", "name", "targetUrl", "gatewayUrl", "centralGatewayUrl"),
        ...strings(entry, "specificationUrl", "requestParametersSecretName", "accessLabel"),
        ...strings(`${entry}.credentials`, "type", "secretName", "authenticationUrl"),
        ...strings(`${entry}.credentials.csrfInfo`, "tokenEndpointURL"),
        ...strings(".status.installationStatus", "status", "description"),
      ]),
    });
  });
});

describe("an Application", () => {
  test.each(Object.entries(kymaObjects))("%s is valid", (_, object) => {
    expect(applications.validate?.(object)).toBeUndefined();
  });

  test("may have fields that only a newer release knows", () => {
    expect(applications.validate?.({ metadata: { name: "a" }, spec: { later: 1 }, extra: [] })).toBeUndefined();
  });

  const service = { id: "1", name: "n", displayName: "d", providerDisplayName: "p", description: "t", entries: [] };
  const withEntry = (entry: unknown) => ({ services: [{ ...service, entries: [{ type: "API" }, entry] }] });
  const entryPath = "spec.services[0].entries[1]";
  test.each<[title: string, object: unknown, mistake: string]>([
    ["no object", "text", "the object must be an object, not a string"],
    ["null", null, "the object must be an object, not null"],
    ["a list", [], "the object must be an object, not an array"],
    ["no metadata", {}, "metadata.name is required"],
    ["an empty name", { metadata: { name: "" } }, "metadata.name is required"],
    [
      "another group",
      { apiVersion: "v1", metadata: { name: "a" } },
      "apiVersion must be applicationconnector.kyma-project.io/v1alpha1",
    ],
    ["another kind", { kind: "Pod", metadata: { name: "a" } }, "kind must be Application"],
    ["spec null", spec(null), "spec must be an object, not null"],
    ["services as an object", spec({ services: {} }), "spec.services must be an array, not an object"],
    ["a service null", spec({ services: [null] }), "spec.services[0] must be an object, not null"],
    ["no entries", spec({ services: [{ ...service, entries: undefined }] }), "spec.services[0].entries is required"],
    ["an entry without type", spec(withEntry({})), `${entryPath}.type is required`],
    ["an unknown entry type", spec(withEntry({ type: "api" })), `${entryPath}.type must be one of API, Events`],
    ["credentials {}", spec(withEntry({ type: "API", credentials: {} })), `${entryPath}.credentials.type is required`],
    [
      "credentials null",
      spec(withEntry({ type: "API", credentials: null })),
      `${entryPath}.credentials must be an object, not null`,
    ],
    [
      "a label that is a number",
      spec({ labels: { "a.b/c": 1 } }),
      'spec.labels["a.b/c"] must be a string, not an integer',
    ],
    ["encodeUrl as text", spec({ encodeUrl: "true" }), "spec.encodeUrl must be a boolean, not a string"],
    ["a long accessLabel", spec({ accessLabel: "a".repeat(64) }), "spec.accessLabel must have at most 63 characters"],
    [
      "a bad accessLabel",
      spec({ accessLabel: "-a" }),
      "spec.accessLabel must match ^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$",
    ],
    ["compassMetadata {}", spec({ compassMetadata: {} }), "spec.compassMetadata.authentication is required"],
    [
      "a client id null",
      spec({ compassMetadata: { authentication: { clientIds: [null] } } }),
      "spec.compassMetadata.authentication.clientIds[0] must be a string, not null",
    ],
    [
      "a bad time",
      { metadata: { name: "a" }, status: { conditions: [{ ...condition(), lastTransitionTime: "today" }] } },
      "status.conditions[0].lastTransitionTime must be a date and time (RFC 3339)",
    ],
    [
      "an empty reason",
      { metadata: { name: "a" }, status: { conditions: [{ ...condition(), reason: "" }] } },
      "status.conditions[0].reason must have at least 1 characters",
    ],
    [
      "a negative generation",
      { metadata: { name: "a" }, status: { conditions: [{ ...condition(), observedGeneration: -1 }] } },
      "status.conditions[0].observedGeneration must be at least 0",
    ],
  ])("with %s is named", (_, object, mistake) => {
    expect(applications.validate?.(object)).toBe(mistake);
  });

  test("with an inherited property lacks it", () => {
    const object = { metadata: { name: "a" }, spec: { compassMetadata: Object.create({ authentication: {} }) } };
    expect(applications.validate?.(object)).toBe("spec.compassMetadata.authentication is required");
  });
});

test("the validator agrees with ajv on every field replaced by every kind of value", () => {
  const ajv = new Ajv({ strict: false, formats: { int64: true, "date-time": /^2/ } }).compile(nullableAsType(schema));
  const values = [
    null,
    true,
    0,
    -1,
    1.5,
    "",
    "x",
    "API",
    "a_",
    "é".repeat(64),
    [],
    [null],
    ["x"],
    [{}],
    {},
    { a: 1 },
    { a: "b" },
  ];
  let compared = 0;
  for (const object of Object.values(kymaObjects)) {
    for (const variant of variants(object, values)) {
      expect(firstMistake(schema, variant) === undefined, JSON.stringify(variant)).toBe(ajv(variant));
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(1000);
});

/** The value with each of its parts, one at a time, replaced by each replacement, and removed. */
function* variants(value: unknown, replacements: readonly unknown[]): Generator<unknown> {
  yield* replacements;
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    for (const variant of variants(part, replacements)) {
      const copy: unknown = Array.isArray(value) ? [...value] : { ...value };
      (copy as Record<string, unknown>)[key] = variant;
      yield copy;
    }
    if (!Array.isArray(value)) yield Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  }
}

function nullableAsType(schema: Schema): object {
  return JSON.parse(JSON.stringify(schema), (_, part) =>
    part?.nullable === true ? { ...part, nullable: undefined, type: [part.type, "null"] } : part,
  );
}

function spec(value: unknown): unknown {
  return { metadata: { name: "a" }, spec: value };
}

function condition() {
  return { type: "Synced", status: "True", reason: "Synced", message: "", lastTransitionTime: "2026-01-02T03:04:05Z" };
}
