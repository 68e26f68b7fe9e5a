import { describe, expect, test } from "vitest";
import { applicationconnectors, customResourceDefinitions, firstMistake, type Schema, walkSchema } from "./index.ts";

const definition = customResourceDefinitions.find(({ spec }) => spec.names.kind === "ApplicationConnector");
if (definition === undefined) throw new Error("no CRD");
const version = definition.spec.versions.find(({ name }) => name === "v1alpha1");
if (version === undefined) throw new Error("no version");
const schema = version.schema.openAPIV3Schema;
const schemas = new Map(Array.from(walkSchema(schema), ({ path, schema }) => [path, schema]));
const at = (path: string): Schema | undefined => schemas.get(path);

describe("the ApplicationConnector CRD", () => {
  test("keeps the names Kyma's users know", () => {
    expect(definition.metadata.name).toBe("applicationconnectors.operator.kyma-project.io");
    expect(definition.spec).toMatchObject({
      scope: "Namespaced",
      names: { listKind: "ApplicationConnectorList", categories: ["kyma-modules", "kyma-application-connector"] },
    });
    expect(version).toMatchObject({ served: true, storage: true, subresources: { status: {} } });
    expect(applicationconnectors).toMatchObject({ version: "v1alpha1", namespaced: true });
  });

  test("CM-51 has columns for state, domain and version", () => {
    const columns = version.additionalPrinterColumns ?? [];
    const narrow = columns.filter(({ priority = 0 }) => priority === 0).map(({ name }) => name);
    expect(narrow).toEqual(["State", "Served", "Domain", "Version", "Age"]);
    expect(columns.filter(({ priority = 0 }) => priority > 0).map(({ name }) => name)).toEqual(["Message"]);
  });

  test("describes every field", () => {
    const silent = [...schemas].filter(([, { description }]) => !description?.trim()).map(([path]) => path);
    expect(silent).toEqual([".metadata"]);
  });

  test("requires nothing of the spec, and fills in what upstream's users leave out", () => {
    expect(
      [...schemas].filter(([path, { required }]) => path.startsWith(".spec") && required).map(([path]) => path),
    ).toEqual([".spec.appGateway.allowedNamespaces.matchExpressions[]"]);
    expect(at(".spec")?.default).toEqual({});
    expect(at(".spec.appGateway")?.default).toEqual({});
    expect(at(".spec.appGateway.proxyTimeout")?.default).toBe("10s");
    expect(at(".spec.appGateway.requestTimeout")?.default).toBe("10s");
    expect(at(".spec.appGateway.logLevel")?.default).toBe("info");
    expect(at(".spec.appConnValidator.logFormat")?.default).toBe("json");
    expect(at(".spec.runtimeAgent.skipCompassTLSVerify")?.default).toBe(false);
  });

  test("does not show sections to those who never heard of them", () => {
    const shown = [...schemas].filter(
      ([path, { type, default: value }]) => type === "object" && value && path !== ".spec",
    );
    expect(shown.map(([path]) => path)).toEqual([".spec.appGateway", ".spec.appConnValidator"]);
  });
});

const object = (spec: unknown) => ({ metadata: { name: "default" }, spec });

test.each([
  { title: "a quantity that is a number", spec: { appGateway: { resources: { limits: { cpu: 1 } } } } },
  { title: "a quantity that is a text", spec: { appGateway: { resources: { requests: { memory: "64Mi" } } } } },
  { title: "a duration that is none, which the server's rules are for", spec: { appGateway: { proxyTimeout: "abc" } } },
])("$title is read", ({ spec }) => {
  expect(firstMistake(schema, object(spec))).toBeUndefined();
});

test.each([
  [{ appGateway: { resources: { limits: { cpu: true } } } }, "must be an integer or a string, not a boolean"],
  [{ appGateway: { resources: { limits: { cpu: "much" } } } }, "must match"],
  [{ networkPolicies: { apiServerPorts: [70_000] } }, "must be at most 65535"],
  [{ networkPolicies: { apiServerPorts: Array(17).fill(1) } }, "must have at most 16 items"],
])("%j is a mistake", (spec, mistake) => {
  expect(firstMistake(schema, object(spec))).toContain(mistake);
});
