import type { Kind } from "../kinds/kind.ts";
import type { Kinds } from "../kinds/kinds.ts";
import type { Schema } from "../schema/schema.ts";
import { pathsOf, schemaName, schemasOf } from "./openapi-schemas.ts";

/** The OpenAPI 3 document of one group version; undefined when that is not served. */
export function groupDocument(kinds: Kinds, group: string, version: string): object | undefined {
  const served = [...kinds.all()].filter((kind) => kind.group === group && kind.version === version);
  if (served.length === 0) return undefined;
  const schemas = [...schemasOf(served)].map(([name, schema]) => [name, toV3(schema)]);
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "v1.36.3" },
    paths: Object.fromEntries(served.flatMap(paths)),
    components: { schemas: Object.fromEntries(schemas) },
  };
}

/** References point elsewhere in version 3, and may have nothing beside them. */
function toV3(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(toV3);
  if (typeof schema !== "object" || schema === null) return schema;
  const { $ref, ...rest } = schema as Schema;
  const converted = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, toV3(value)]));
  if ($ref === undefined) return converted;
  const reference = { $ref: $ref.replace("#/definitions/", "#/components/schemas/") };
  return Object.keys(rest).length === 0 ? reference : { ...converted, allOf: [reference] };
}

const queryParameter = (name: string, type: string) => ({ name, in: "query", schema: { type, uniqueItems: true } });
const writeParameters = ["dryRun", "fieldManager", "fieldValidation"].map((name) => queryParameter(name, "string"));
const listParameters = ["continue", "fieldSelector", "labelSelector", "resourceVersion", "resourceVersionMatch"].map(
  (name) => queryParameter(name, "string"),
);
const pathParameter = (name: string) => ({ name, in: "path", required: true, schema: { type: "string" } });

const patchTypes = ["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"];

function paths(kind: Kind): [string, object][] {
  const reference = { $ref: `#/components/schemas/${schemaName(kind)}` };
  const about = { "x-kubernetes-group-version-kind": { group: kind.group, version: kind.version, kind: kind.kind } };
  const ok = { "200": { description: "OK", content: { "application/json": { schema: reference } } } };
  const content = { "application/json": { schema: reference } };
  const patchRef = { $ref: "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.Patch" };
  const types = kind.custom ? patchTypes : [...patchTypes, "application/strategic-merge-patch+json"];
  const operation = (action: string, parameters: object[] = [], body?: object) => ({
    operationId: `${action}${kind.version}${kind.kind}`,
    "x-kubernetes-action": action,
    ...about,
    parameters,
    ...(body && { requestBody: { content: body } }),
    responses: ok,
  });
  const { collection, one } = pathsOf(kind);
  const inNamespace = kind.namespaced ? [pathParameter("namespace")] : [];
  const can = (verb: string) => kind.verbs.includes(verb);
  const result: [string, object][] = [
    [
      collection,
      {
        ...(can("list") && { get: operation("list", listParameters) }),
        ...(can("create") && { post: operation("post", writeParameters, content) }),
        ...(can("deletecollection") && { delete: operation("deletecollection", listParameters) }),
        parameters: inNamespace,
      },
    ],
  ];
  if (can("get")) {
    result.push([
      one,
      {
        get: operation("get"),
        put: operation("put", writeParameters, content),
        patch: operation(
          "patch",
          [...writeParameters, queryParameter("force", "boolean")],
          Object.fromEntries(types.map((type) => [type, { schema: patchRef }])),
        ),
        delete: operation("delete", [queryParameter("dryRun", "string")]),
        parameters: [pathParameter("name"), ...inNamespace],
      },
    ]);
  }
  return result;
}
