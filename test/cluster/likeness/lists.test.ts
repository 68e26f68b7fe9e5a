import { compareServers } from "./compare.ts";
import { config, create, partialList, revisionOf, table } from "./step.ts";

const { core, scenario } = compareServers("lists");

scenario("lists: selectors, pages, forms and revisions", [
  ...["a", "b", "c", "d"].map((name) =>
    create(`${core}/configmaps`, config(`list-${name}`, { a: "1" }, { labels: { list: name } })),
  ),
  { path: `${core}/configmaps?labelSelector=list` },
  { path: `${core}/configmaps?labelSelector=${encodeURIComponent("list in (a,b),list!=b")}` },
  { path: `${core}/configmaps?labelSelector=${encodeURIComponent("list notin (a),list")}`, accept: partialList },
  { path: `${core}/configmaps?labelSelector=list&limit=3` },
  { path: `${core}/configmaps?labelSelector=list&limit=3`, accept: table },
  { path: `${core}/configmaps?limit=1` },
  { path: `${core}/configmaps?fieldSelector=metadata.name=list-c` },
  { path: `${core}/configmaps?fieldSelector=data.a=1` },
  { path: `${core}/configmaps?fieldSelector=${encodeURIComponent("metadata.name!=list-a")}&labelSelector=list` },
  { path: `${core}/configmaps?labelSelector=${encodeURIComponent("((")}` },
  { path: `${core}/configmaps?continue=broken` },
  { path: `${core}/configmaps?resourceVersion=0&limit=2&labelSelector=list` },
  { path: `${core}/configmaps?resourceVersion=abc` },
  { path: `${core}/configmaps?resourceVersion=999999999&resourceVersionMatch=NotOlderThan` },
  { path: `${core}/configmaps?resourceVersion=999999999&resourceVersionMatch=Exact` },
  { path: `${core}/configmaps?resourceVersion=0&resourceVersionMatch=Exact` },
  { path: `${core}/configmaps?resourceVersionMatch=Exact` },
  { path: `${core}/configmaps?labelSelector=list&resourceVersion=${revisionOf(1)}&resourceVersionMatch=Exact` },
  { path: `${core}/configmaps?sendInitialEvents=true` },
  { path: `${core}/configmaps`, accept: "application/xml" },
  { method: "DELETE", path: `${core}/configmaps?labelSelector=list` },
  { path: `${core}/configmaps?labelSelector=list` },
]);
