import { compareServers } from "./compare.ts";
import { condition, gadget, gadgets } from "./gadgets.ts";
import { apply, config, create, meta, patch, remove, replace, type Step } from "./step.ts";

const { core, namespace, scenario } = compareServers("preconditions", [
  "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.likeness.example",
]);
const configs = `${core}/configmaps`;
const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
const gadgetsPath = `/apis/likeness.example/v1/namespaces/${namespace}/gadgets`;
const uid = "00000000-0000-0000-0000-000000000000";

const withMeta = (object: { metadata: object }, more: object) => ({
  ...object,
  metadata: { ...object.metadata, ...more },
});
const lease = (name: string, spec: object, more: object = {}) => ({
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: meta(name, more),
  spec,
});
const held = { holderIdentity: "me", leaseDurationSeconds: 15, leaseTransitions: 0 };

scenario("whoever names a uid or a version means exactly that object", [
  apply(`${configs}/a`, "one", config("a", { a: "1" })),
  apply(`${configs}/a`, "one", config("a", { a: "2" }, { uid })),
  apply(`${configs}/a`, "one", config("a", { a: "2" }, { resourceVersion: "1" })),
  apply(`${configs}/absent`, "one", config("absent", { a: "2" }, { uid })),
  patch("merge-patch", `${configs}/a`, { metadata: { uid }, data: { a: "2" } }),
  patch("json-patch", `${configs}/a`, [{ op: "test", path: "/metadata/uid", value: uid }]),
  patch("strategic-merge-patch", `${configs}/a`, { metadata: { uid } }),
  replace(`${configs}/a`, config("a", { a: "2" }, { uid })),
  remove(`${configs}/a`, { preconditions: { uid } }),
  remove(`${configs}/a`, { preconditions: { resourceVersion: "1" } }),
  { path: `${configs}/a` },
]);

scenario("so does whoever writes to a custom resource, but not in a patch of its status", [
  create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", gadgets),
  { path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.likeness.example", afterMs: 3000 },
  apply(`${gadgetsPath}/a`, "one", gadget("a", { size: 1 })),
  apply(`${gadgetsPath}/a`, "one", withMeta(gadget("a", { size: 2 }), { uid })),
  patch("merge-patch", `${gadgetsPath}/a`, { metadata: { uid }, spec: { size: 2 } }),
  apply(`${gadgetsPath}/a/status`, "two", { ...withMeta(gadget("a"), { uid }), status: { phase: "Odd" } }),
  patch("merge-patch", `${gadgetsPath}/a/status`, { metadata: { uid }, status: { phase: "Odder" } }),
  apply(`${gadgetsPath}/a/status`, "two", {
    ...withMeta(gadget("a"), { resourceVersion: "1" }),
    status: { phase: "Late" },
  }),
  apply(`${gadgetsPath}/absent/status`, "two", { ...gadget("absent"), status: { phase: "Late" } }),
]);

scenario("conditions belong to whoever applied them, one by one", [
  apply(`${gadgetsPath}/a/status`, "two", {
    ...gadget("a"),
    status: { conditions: [condition("Ready", "False"), condition("Synced", "True")] },
  }),
  apply(`${gadgetsPath}/a/status`, "three", { ...gadget("a"), status: { conditions: [condition("Other", "True")] } }),
  apply(`${gadgetsPath}/a/status`, "two", { ...gadget("a"), status: { conditions: [condition("Ready", "True")] } }),
  apply(`${gadgetsPath}/a/status`, "two", { ...gadget("a"), status: { conditions: [condition("Ready", "True")] } }),
  apply(`${gadgetsPath}/a/status`, "two", { ...gadget("a"), status: {} }),
  apply(`${gadgetsPath}/a/status`, "two", gadget("a")),
]);

const finalizers = (...names: string[]): Step["body"] => [
  { op: "add", path: "/metadata/finalizers", value: names.map((name) => `example.com/${name}`) },
];

scenario("finalizers hold an object back, and none is added while it goes", [
  create(configs, config("held")),
  patch("json-patch", `${configs}/held`, finalizers("one", "two")),
  remove(`${configs}/held`),
  remove(`${configs}/held`),
  patch("json-patch", `${configs}/held`, [{ op: "add", path: "/metadata/finalizers/-", value: "example.com/three" }]),
  patch("json-patch", `${configs}/held`, [
    { op: "test", path: "/metadata/finalizers/0", value: "example.com/two" },
    { op: "remove", path: "/metadata/finalizers/0" },
  ]),
  patch("json-patch", `${configs}/held`, [{ op: "remove", path: "/metadata/finalizers/0" }]),
  patch("json-patch", `${configs}/held`, [{ op: "remove", path: "/metadata/finalizers/7" }]),
  apply(`${configs}/held`, "one", config("held", { a: "1" })),
  patch("json-patch", `${configs}/held`, [{ op: "remove", path: "/metadata/finalizers/0" }]),
  { path: `${configs}/held` },
]);

scenario("leases have times with six digits, and change under their version alone", [
  create(leases, lease("l", { ...held, acquireTime: "2026-01-01T00:00:00.000001Z" })),
  create(leases, lease("l", held)),
  create(leases, lease("short", { ...held, renewTime: "2026-01-01T00:00:00.123Z" })),
  create(leases, lease("none", { ...held, renewTime: "2026-01-01T00:00:00Z" })),
  create(leases, lease("word", { ...held, renewTime: "yesterday" })),
  create(leases, lease("empty", {})),
  create(leases, lease("wrong", { leaseDurationSeconds: 0, leaseTransitions: -1 })),
  replace(`${leases}/l`, lease("l", { ...held, holderIdentity: "you" })),
  replace(`${leases}/l`, lease("l", { ...held, holderIdentity: "you" }, { resourceVersion: "1" })),
  patch("merge-patch", `${leases}/l`, { spec: { renewTime: "2026-01-01T00:00:01.5Z" } }),
  patch("merge-patch", `${leases}/l`, { spec: { holderIdentity: "", leaseDurationSeconds: 1 } }),
  { path: `${leases}/l` },
  replace(`${leases}/gone`, lease("gone", held, { resourceVersion: "1" })),
  replace(`${leases}/gone`, lease("gone", held, { uid, resourceVersion: "1" })),
  replace(`${leases}/other`, lease("other", held, { uid })),
  replace(`${leases}/another`, lease("another", held, { uid, resourceVersion: "1" })),
]);
