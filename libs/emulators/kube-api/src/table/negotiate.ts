import { type Call, header } from "../http/call.ts";
import type { Kind } from "../kinds/kind.ts";
import { ApiError } from "../status.ts";
import { type Projection, partialMetadata } from "./projection.ts";
import { tableProjection } from "./table.ts";

const json = new Set(["application/json", "*/*", "application/*", "application/yaml", ""]);

/** The first form in the Accept header that this server speaks; undefined stands for the plain object. */
export function projectionOf(call: Call, kind: Kind, now: number): Projection | undefined {
  const accept = header(call, "accept");
  for (const option of accept.split(",")) {
    const [type = "", ...parameters] = option.split(";").map((part) => part.trim());
    if (!json.has(type)) continue;
    const given = Object.fromEntries(parameters.map((parameter) => parameter.split("=")) as [string, string][]);
    const form = given["as"];
    if (form === undefined) return undefined;
    if (given["g"] !== "meta.k8s.io" || given["v"] !== "v1") continue;
    if (form === "Table") return tableProjection(kind, call.query.get("includeObject") ?? "Metadata", now);
    if (form === "PartialObjectMetadata" || form === "PartialObjectMetadataList") return metadataProjection;
  }
  if (
    accept === "" ||
    accept.split(",").some((option) => json.has(option.split(";")[0]?.trim() as string) && !option.includes("as="))
  ) {
    return undefined;
  }
  throw new ApiError(
    406,
    "NotAcceptable",
    "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch",
    {},
  );
}

const metadataProjection: Projection = {
  single: (object) => JSON.stringify(partialMetadata(object)),
  event: (object) => JSON.stringify(partialMetadata(object)),
  list: (objects, metadata) =>
    JSON.stringify({
      kind: "PartialObjectMetadataList",
      apiVersion: "meta.k8s.io/v1",
      metadata,
      // Unlike other lists, this one has no items at all when there are none.
      items: objects.length === 0 ? null : objects.map(partialMetadata),
    }),
};
