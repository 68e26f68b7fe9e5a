import { apiVersionOf, type Kind } from "../kinds/kind.ts";
import { definition, listMetaRef, type Schema } from "../schema/schema.ts";

const refPrefix = "#/definitions/";

/** The OpenAPI name of a kind's schema. */
export function schemaName(kind: Kind): string {
  if (kind.definitionName) return kind.definitionName;
  return `${kind.group.split(".").reverse().join(".")}.${kind.version}.${kind.kind}`;
}

const gvk = ({ group, version, kind }: Kind) => [{ group, version, kind }];

function listSchema(kind: Kind, name: string): Schema {
  return {
    description: `${kind.listKind} is a list of ${kind.kind}`,
    type: "object",
    required: ["items"],
    properties: {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { $ref: listMetaRef },
      items: { type: "array", items: { $ref: `${refPrefix}${name}` } },
    },
    "x-kubernetes-group-version-kind": [{ group: kind.group, version: kind.version, kind: kind.listKind }],
  };
}

/** The schemas of some kinds and of everything they refer to, by name. */
export function schemasOf(kinds: readonly Kind[]): Map<string, Schema> {
  const found = new Map<string, Schema>();
  const reach = (schema: Schema) => {
    for (const [, name = ""] of JSON.stringify(schema).matchAll(/"#\/definitions\/([^"]+)"/g)) {
      if (found.has(name)) continue;
      const target = definition(name);
      if (!target) continue;
      found.set(name, target);
      reach(target);
    }
  };
  for (const kind of kinds) {
    if (!kind.schema) continue;
    const name = schemaName(kind);
    const schema: Schema = { ...kind.schema, "x-kubernetes-group-version-kind": gvk(kind) };
    found.set(name, schema);
    reach(schema);
    if (kind.verbs.includes("list")) {
      const list = listSchema(kind, name);
      found.set(`${name}List`, list);
      reach(list);
    }
  }
  for (const name of ["DeleteOptions", "Status", "Patch"]) {
    reach({ $ref: `${refPrefix}io.k8s.apimachinery.pkg.apis.meta.v1.${name}` });
  }
  return found;
}

/** Where a kind's objects live: the collection, and one of them. */
export function pathsOf(kind: Kind): { collection: string; one: string } {
  const root = kind.group ? `/apis/${apiVersionOf(kind)}` : `/api/${kind.version}`;
  const collection = `${root}${kind.namespaced ? "/namespaces/{namespace}" : ""}/${kind.resource}`;
  return { collection, one: `${collection}/{name}` };
}
