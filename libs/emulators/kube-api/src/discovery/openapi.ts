import { createHash } from "node:crypto";
import type { Call } from "../http/call.ts";
import { send } from "../http/respond.ts";
import { apiVersionOf } from "../kinds/kind.ts";
import type { Kinds } from "../kinds/kinds.ts";
import { ApiError, noSuchResource } from "../status.ts";
import { documentV2 } from "./openapi-v2.ts";
import { groupDocument } from "./openapi-v3.ts";

/** /openapi/v2, the index /openapi/v3, and one document for each group version below it. */
export function openapi(call: Call, kinds: Kinds): void {
  const path = call.info.path.replace(/^\/openapi\/?/, "").replace(/\/$/, "");
  const document = path === "v2" ? wholeDocument(call, kinds) : path === "v3" ? index(kinds) : partOf(path, kinds);
  if (!document) throw noSuchResource();
  send(call, { body: JSON.stringify(document) });
}

function partOf(path: string, kinds: Kinds): object | undefined {
  const [, group = "", version] = /^v3\/(?:api\/|apis\/([^/]+)\/)([^/]+)$/.exec(path) ?? [];
  return version === undefined ? undefined : groupDocument(kinds, group, version);
}

const protobuf = "application/com.github.proto-openapi.spec.v2";

function wholeDocument(call: Call, kinds: Kinds): object {
  const accept = call.request.headers.accept ?? "";
  // There is no JSON in what such a client can read.
  if (accept.includes(protobuf) && !/application\/json|\*\/\*/.test(accept)) {
    throw new ApiError(406, "NotAcceptable", "only the following media types are accepted: application/json");
  }
  return documentV2(kinds);
}

function index(kinds: Kinds) {
  const groupVersions = new Map<string, string>();
  for (const kind of kinds.all()) {
    const path = kind.group ? `apis/${apiVersionOf(kind)}` : `api/${kind.version}`;
    groupVersions.set(
      path,
      `${groupVersions.get(path) ?? ""}${JSON.stringify([kind.kind, kind.custom && kind.schema])}`,
    );
  }
  const paths = [...groupVersions].map(([path, content]) => {
    const hash = createHash("sha256").update(content).digest("hex").toUpperCase();
    return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }];
  });
  return { paths: Object.fromEntries(paths) };
}
