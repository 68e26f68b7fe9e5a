import { isTrue } from "../http/api-path.ts";
import { decodeYaml, mediaType, readBody } from "../http/body.ts";
import { type Call, header, managerOf } from "../http/call.ts";
import { duplicateFields } from "../http/duplicate-fields.ts";
import { checkFields, matchUrl, toObject } from "../http/object-body.ts";
import { type Fields, isFields } from "../json.ts";
import { entryIn } from "../kinds/form.ts";
import type { Kind } from "../kinds/kind.ts";
import type { KubeObject } from "../objects.ts";
import type { Cluster } from "../operations/cluster.ts";
import { serverSideApply } from "../operations/server-side-apply.ts";
import { update } from "../operations/update.ts";
import { jsonPatch } from "../patch/json-patch.ts";
import { mergePatch } from "../patch/merge-patch.ts";
import { strategicPatch } from "../patch/strategic.ts";
import { typeMismatch } from "../schema/types.ts";
import { ApiError, badRequest, invalid, notFound } from "../status.ts";
import type { Entry } from "../store/entry.ts";
import { keyOf } from "../store/entry.ts";
import { isDryRun } from "./dry-run.ts";
import { jsonIn, sendObject } from "./reply.ts";

const types = {
  "application/json-patch+json": "json",
  "application/merge-patch+json": "merge",
  "application/strategic-merge-patch+json": "strategic",
  "application/apply-patch+yaml": "apply",
} as const;

export async function patch(cluster: Cluster, kind: Kind, call: Call): Promise<void> {
  const { info, query, request } = call;
  const type = types[mediaType(header(call, "content-type")) as keyof typeof types];
  if (type === undefined) throw new ApiError(415, "UnsupportedMediaType", "415: Unsupported Media Type", {});
  if (type === "strategic" && kind.custom) throw unsupported(kind);
  const text = (await readBody(request)).toString("utf8");
  const current = entryIn(
    kind,
    cluster.store.get(kind.collection, keyOf(kind.namespaced ? info.namespace : "", info.name)),
  );
  if (type === "apply") return applyPatch(cluster, kind, call, text, current);
  if (!current) throw notFound(kind, info.name);
  const next = patched(current, type, parse(text), kind);
  requireObject(next, kind);
  const shown = JSON.stringify(next);
  checkFields({ value: next, duplicates: duplicateFields(text) }, kind, call, (why) => invalidPatch(shown, why));
  const mismatch = typeMismatch(next, kind);
  if (mismatch) throw invalidPatch(shown, mismatch);
  matchUrl(next, kind, call);
  const options = { manager: managerOf(call), subresource: info.subresource, isPatch: true, dryRun: isDryRun(query) };
  sendObject(call, kind, update(cluster, kind, current, next, options), cluster.now());
}

/** Binary-safe JSON only: patches are never YAML but for apply. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`error decoding patch: ${(error as Error).message}`);
  }
}

function patched(current: Entry, type: "json" | "merge" | "strategic", patchValue: unknown, kind: Kind): unknown {
  // A copy, because patches share what they do not touch and what is stored must not change.
  const live = JSON.parse(jsonIn(kind, current)) as KubeObject;
  if (type === "json") {
    if (!Array.isArray(patchValue))
      throw badRequest("error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch");
    return jsonPatch(live, patchValue);
  }
  if (!isFields(patchValue))
    throw badRequest(
      "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}",
    );
  return type === "merge" ? mergePatch(live, patchValue) : strategicPatch(live, patchValue, kind.schema);
}

function requireObject(value: unknown, kind: Kind): asserts value is KubeObject {
  if (isFields(value) && isFields(value["metadata"])) {
    dropNulls(value["metadata"]);
    return;
  }
  throw invalidPatch(JSON.stringify(value), `unable to convert the patched document to a ${kind.kind}`);
}

function dropNulls(metadata: Fields): void {
  for (const key of Object.keys(metadata)) if (metadata[key] === null) delete metadata[key];
}

const invalidPatch = (patched: string, why: string) =>
  invalid({ group: "", kind: "" }, "", [
    { type: "FieldValueInvalid", field: "patch", message: `Invalid value: ${JSON.stringify(patched)}: ${why}` },
  ]);

function unsupported(kind: Kind): ApiError {
  const accepted = Object.keys(types).filter((type) => !(kind.custom && type.includes("strategic")));
  return new ApiError(
    415,
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`,
  );
}

async function applyPatch(
  cluster: Cluster,
  kind: Kind,
  call: Call,
  text: string,
  current: Entry | undefined,
): Promise<void> {
  const { info, query } = call;
  const manager = query.get("fieldManager");
  if (!manager) {
    const message = "Required value: is required for apply patch";
    throw invalid({ group: "meta.k8s.io", kind: "PatchOptions" }, "", [
      { type: "FieldValueRequired", field: "fieldManager", message },
    ]);
  }
  const config = toObject(decodeYaml(text), kind, call);
  config.metadata.name ??= info.name;
  const options = {
    manager,
    subresource: info.subresource,
    force: isTrue(query, "force"),
    dryRun: isDryRun(query),
  };
  const { object, created } = serverSideApply(cluster, kind, info.namespace, info.name, current, config, options);
  sendObject(call, kind, object, cluster.now(), created ? 201 : 200);
}
