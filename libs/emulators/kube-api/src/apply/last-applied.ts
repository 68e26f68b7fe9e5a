import { isFields } from "../json.ts";
import { apiVersionOf, type Kind } from "../kinds/kind.ts";
import type { KubeObject } from "../objects.ts";
import { compare } from "./compare.ts";
import { FieldSet } from "./field-set.ts";
import { fieldsOf } from "./owned-fields.ts";

const annotation = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * What client-side `kubectl apply` wrote and nobody changed since. `kubectl apply --server-side` may take these fields
 * over without a conflict.
 */
export function lastAppliedFields(live: KubeObject, kind: Kind): FieldSet {
  const config = parse(live.metadata.annotations?.[annotation]);
  if (!isFields(config) || config["apiVersion"] !== apiVersionOf(kind)) return new FieldSet();
  const { added, modified, removed } = compare(config, live, kind.schema);
  return fieldsOf(config, kind.schema).difference(modified).difference(added).difference(removed);
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
