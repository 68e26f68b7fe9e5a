import { compareServers } from "./compare.ts";
import { config, create, patch, remove } from "./step.ts";

const { core, scenario } = compareServers("patches");

scenario("patches of built-in kinds", [
  create(`${core}/configmaps`, config("p", { a: "1", b: "2" }, { labels: { x: "y" } })),
  patch("merge-patch", `${core}/configmaps/p`, { data: { a: null, c: "3" }, metadata: { labels: { z: "1" } } }),
  patch("merge-patch", `${core}/configmaps/p`, { data: { c: "3" } }),
  patch("strategic-merge-patch", `${core}/configmaps/p`, { data: { b: null, d: "4" } }),
  patch("json-patch", `${core}/configmaps/p`, [
    { op: "test", path: "/data/d", value: "4" },
    { op: "add", path: "/data/e", value: "5" },
  ]),
  patch("json-patch", `${core}/configmaps/p`, [{ op: "test", path: "/data/d", value: "no" }]),
  patch("json-patch", `${core}/configmaps/p`, [{ op: "remove", path: "/data/missing" }]),
  patch("merge-patch", `${core}/configmaps/p`, { metadata: { resourceVersion: "1" } }),
  patch("merge-patch", `${core}/configmaps/missing`, {}),
  patch("merge-patch", `${core}/configmaps/p`, { metadata: { finalizers: ["example.com/hold"] } }),
  remove(`${core}/configmaps/p`),
  patch("merge-patch", `${core}/configmaps/p`, {
    metadata: { finalizers: ["example.com/hold", "example.com/more"] },
  }),
  patch("merge-patch", `${core}/configmaps/p`, { metadata: { finalizers: null } }),
  { path: `${core}/configmaps/p` },
  { method: "PATCH", path: `${core}/configmaps/p`, body: {} },
  create(`${core}/configmaps`, config("frozen", { a: "1" })),
  patch("merge-patch", `${core}/configmaps/frozen`, { immutable: true }),
  patch("merge-patch", `${core}/configmaps/frozen`, { data: { a: "2" } }),
]);
