import { compareServers, limitedUser } from "./compare.ts";
import { condition, gadget, gadgets } from "./gadgets.ts";
import { apply, create, partialList, patch, remove, replace, table } from "./step.ts";

const { namespace, scenario } = compareServers("custom", [
  "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.likeness.example",
]);
const gadgetsPath = `/apis/likeness.example/v1/namespaces/${namespace}/gadgets`;

scenario("custom resources", [
  create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", gadgets),
  { path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.likeness.example", afterMs: 3000 },
  { path: "/apis/likeness.example/v1" },
  create(`${gadgetsPath}`, gadget("a", { size: 3, colour: "red", unknown: true })),
  create(`${gadgetsPath}?fieldValidation=Strict`, gadget("b", { size: 3, unknown: true })),
  create(`${gadgetsPath}`, gadget("b", { size: 300, colour: "pink", name: "UPPER", tags: ["a", "a", "b", "c"] })),
  create(`${gadgetsPath}`, gadget("b", { size: "big" })),
  create(`${gadgetsPath}`, gadget("b", {})),
  create(`${gadgetsPath}`, gadget("b")),
  create(`${gadgetsPath}?fieldValidation=Ignore`, { ...gadget("b", { size: 1 }), apiVersion: "likeness.example/v2" }),
  create(`${gadgetsPath}`, {
    ...gadget("b", { size: 1, free: { a: { b: 1 } }, parts: [{ id: "x", n: 1 }] }),
    status: { phase: "New" },
  }),
  replace(`${gadgetsPath}/b`, gadget("b", { size: 2 })),
  patch("merge-patch", `${gadgetsPath}/b`, { spec: { size: 2 }, status: { phase: "Ignored" } }),
  patch("merge-patch", `${gadgetsPath}/b/status`, { status: { phase: "Ready" }, spec: { size: 9 } }),
  patch("merge-patch", `${gadgetsPath}/b/status`, { status: { phase: "Ready" } }),
  patch("merge-patch", `${gadgetsPath}/b/status`, { status: { phase: 7 } }),
  patch("merge-patch", `${gadgetsPath}/b`, { spec: { size: 300, name: "toolong" } }),
  patch("merge-patch", `${gadgetsPath}/b`, { spec: { parts: [{ n: 1 }], colour: 3 } }),
  { path: `${gadgetsPath}/b/status` },
  patch("merge-patch", `${gadgetsPath}/b?fieldValidation=Strict`, { spec: { unknown: 1 } }),
  patch("merge-patch", `${gadgetsPath}/b`, { spec: { unknown: 1 }, metadata: { labels: {} } }),
  patch("json-patch", `${gadgetsPath}/b`, [{ op: "test", path: "/metadata/resourceVersion", value: "1" }]),
  apply(`${gadgetsPath}/b`, "strict", { ...gadget("b"), spec: { unknown: 1 } }),
  patch("strategic-merge-patch", `${gadgetsPath}/b`, {}),
  apply(
    `${gadgetsPath}/c`,
    "one",
    gadget("c", {
      size: 1,
      parts: [
        { id: "x", n: 1 },
        { id: "y", n: 2 },
      ],
      tags: ["b", "a"],
    }),
  ),
  apply(
    `${gadgetsPath}/c`,
    "two",
    gadget("c", {
      parts: [
        { id: "z", n: 3 },
        { id: "y", n: 2 },
      ],
      tags: ["c"],
    }),
  ),
  apply(`${gadgetsPath}/c`, "two", gadget("c", { parts: [{ id: "x", n: 9 }] })),
  apply(`${gadgetsPath}/c`, "one", gadget("c", { size: 1, parts: [{ id: "x", n: 1 }] })),
  apply(`${gadgetsPath}/c/status`, "controller", {
    ...gadget("c"),
    status: { phase: "Ready", conditions: [condition("Ready", "True")] },
  }),
  apply(`${gadgetsPath}/c/status`, "other", {
    ...gadget("c"),
    status: { conditions: [condition("Ready", "False")] },
  }),
  apply(
    `${gadgetsPath}/c/status`,
    "other",
    { ...gadget("c"), status: { conditions: [condition("Ready", "False")] } },
    true,
  ),
  { path: gadgetsPath },
  { path: gadgetsPath, accept: table },
  { path: `${gadgetsPath}/c`, accept: table },
  { path: `${gadgetsPath}?fieldSelector=spec.size=1` },
  { path: `${gadgetsPath}?fieldSelector=metadata.name=c`, accept: partialList },
  remove(`${gadgetsPath}/c?propagationPolicy=Background`),
  { path: `${gadgetsPath}/c` },
  remove(gadgetsPath),
]);

scenario("custom resources: who may do what", [
  { path: "/apis/likeness.example/v1/gadgets", as: limitedUser.token },
  { path: `${gadgetsPath}/a/status`, as: limitedUser.token },
]);

scenario("custom resources: discovery", [
  { path: "/apis/likeness.example/v1" },
  { path: "/apis/likeness.example" },
  { path: "/apis/likeness.example/v1/missing?watch=true" },
]);
