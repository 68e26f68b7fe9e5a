import { compareServers } from "./compare.ts";
import { apply, config, patch } from "./step.ts";

const { core, scenario } = compareServers("apply");

scenario("server-side apply", [
  apply(`${core}/configmaps/s`, "one", config("s", { a: "1", b: "2" })),
  apply(`${core}/configmaps/s`, "one", config("s", { a: "1", b: "2" })),
  apply(`${core}/configmaps/s`, "two", config("s", { b: "3" })),
  apply(`${core}/configmaps/s`, "two", config("s", { b: "3" }), true),
  apply(`${core}/configmaps/s`, "two", config("s", { b: "3", c: "4" })),
  apply(`${core}/configmaps/s`, "one", config("s", { a: "1" })),
  apply(`${core}/configmaps/s`, "one", config("s")),
  apply(`${core}/configmaps/s`, "three", config("s", { a: "9", b: "9", c: "9" })),
  patch("merge-patch", `${core}/configmaps/s`, { data: { b: "updated" } }),
  apply(`${core}/configmaps/s`, "two", config("s", { b: "3", c: "4" })),
  apply(`${core}/configmaps/s`, "two", config("s", {})),
  { method: "PATCH", path: `${core}/configmaps/s`, type: "application/apply-patch+yaml", body: config("s") },
  apply(`${core}/configmaps/s`, "one", { ...config("s"), apiVersion: "v2" }),
  apply(`${core}/configmaps/other`, "one", config("s")),
  patch("merge-patch", `${core}/configmaps/s`, { metadata: { managedFields: [{}] } }),
  apply(`${core}/configmaps/s`, "late", config("s", { z: "1" })),
]);
