import type { Kind } from "../kinds/kind.ts";
import type { Kinds } from "../kinds/kinds.ts";
import { pathsOf, schemaName, schemasOf } from "./openapi-schemas.ts";

const query = (name: string, type = "string") => ({ name, in: "query", type, uniqueItems: true });
const write = [query("dryRun"), query("fieldManager"), query("fieldValidation")];

/** The OpenAPI 2 document of everything served. */
export function documentV2(kinds: Kinds): object {
  const served = [...kinds.all()];
  return {
    swagger: "2.0",
    info: { title: "Kubernetes", version: "v1.36.3" },
    paths: Object.fromEntries(served.flatMap(paths)),
    definitions: Object.fromEntries(schemasOf(served)),
  };
}

function paths(kind: Kind): [string, object][] {
  const schema = { $ref: `#/definitions/${schemaName(kind)}` };
  const about = { "x-kubernetes-group-version-kind": { group: kind.group, version: kind.version, kind: kind.kind } };
  const responses = { "200": { description: "OK", schema } };
  const body = { name: "body", in: "body", required: true, schema };
  const operation = (action: string, parameters: object[] = []) => ({
    operationId: `${action}${kind.version}${kind.kind}`,
    "x-kubernetes-action": action,
    ...about,
    parameters,
    responses,
  });
  const { collection, one } = pathsOf(kind);
  const can = (verb: string) => kind.verbs.includes(verb);
  const collectionOperations = {
    ...(can("list") && { get: operation("list") }),
    ...(can("create") && { post: operation("post", [body, ...write]) }),
  };
  if (!can("get")) return [[collection, collectionOperations]];
  const oneOperations = {
    get: operation("get"),
    put: operation("put", [body, ...write]),
    patch: operation("patch", [body, ...write, query("force", "boolean")]),
    delete: operation("delete"),
  };
  return [
    [collection, collectionOperations],
    [one, oneOperations],
  ];
}
