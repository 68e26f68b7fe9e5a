import { compareServers, limitedUser } from "./compare.ts";
import { apply, config, create, meta, partial, patch, remove, replace, secret } from "./step.ts";

const { core, namespace, scenario } = compareServers("oddities");

scenario("odd but allowed", [
  replace(`/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/by-put`, {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: meta("by-put"),
    spec: { holderIdentity: "me" },
  }),
  replace(`/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/by-put`, {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: meta("by-put"),
    spec: { holderIdentity: "you" },
  }),
  create(`${core}/configmaps`, config("empty")),
  patch("merge-patch", `${core}/configmaps/empty`, { metadata: { labels: {}, annotations: { a: "" } } }),
  patch("merge-patch", `${core}/configmaps/empty`, { metadata: { labels: { "not valid": "x" } } }),
  patch("merge-patch", `${core}/configmaps/empty`, { metadata: { labels: { ok: "not valid!" } } }),
  patch("merge-patch", `${core}/configmaps/empty`, { metadata: { name: "renamed" } }),
  patch("merge-patch", `${core}/configmaps/empty`, { colour: "red" }),
  { ...patch("merge-patch", `${core}/configmaps/empty?fieldValidation=Strict`, { colour: "red" }) },
  patch("merge-patch", `${core}/configmaps/empty?dryRun=All`, { data: { dry: "1" } }),
  { path: `${core}/configmaps/empty`, accept: partial },
  create(`${core}/configmaps`, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "x", resourceVersion: "5" },
  }),
  create(`${core}/configmaps`, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "owned", ownerReferences: [{ apiVersion: "v1", kind: "Secret", name: "s" }] },
  }),
  create(`${core}/configmaps`, { kind: "ConfigMap", metadata: { name: "no-version" } }),
  create(`${core}/configmaps`, []),
  { path: `${core}/configmaps?watch=true&resourceVersion=999999999`, readMs: 1000 },
  { path: `${core}/configmaps/empty/status` },
  { path: `${core}/configmaps/empty/nothing` },
  { path: "/apis/apps/v1/deployments/no-namespace" },
  { method: "DELETE", path: "/api/v1/namespaces" },
  remove(`${core}/configmaps/empty?dryRun=All`),
  remove(`${core}/configmaps/empty?propagationPolicy=Sideways`),
  apply(`${core}/secrets/applied`, "one", secret("applied", { stringData: { a: "b" } })),
  apply(`${core}/secrets/applied`, "one", secret("applied", { stringData: { a: "b" } })),
  apply(`${core}/secrets/applied`, "one", secret("applied", { data: { c: "ZA==" } })),
  apply(`${core}/secrets/applied`, "two", {
    ...secret("applied"),
    metadata: { name: "applied", labels: { l: "1" }, finalizers: ["example.com/f"] },
  }),
  apply(`${core}/secrets/applied`, "two", { ...secret("applied"), metadata: { name: "applied" } }),
  { path: "/version", as: limitedUser.token, method: "POST", body: {} },
]);
