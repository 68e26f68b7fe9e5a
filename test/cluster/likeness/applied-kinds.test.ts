import { compareServers } from "./compare.ts";
import { apply, config, meta, patch, type Step } from "./step.ts";

const { core, namespace, scenario } = compareServers("applied-kinds");
const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
const policies = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;
const scalers = `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`;
const roles = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`;

/** Twice, because the second time nothing may change. */
const twice = (path: string, manager: string, body: object, force = false): Step[] => [
  apply(path, manager, body, force),
  apply(path, manager, body, force),
];

const container = (name: string, more: object = {}) => ({ name, image: `${name}:1`, ...more });
const deployment = (containers: object[], spec: object = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: meta("web", { labels: { app: "web" } }),
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers } },
    ...spec,
  },
});

const fewer = deployment([container("app", { env: [{ name: "A", value: "9" }], args: [] })]);

scenario("a Deployment is applied, in parts, by several", [
  ...twice(
    `${deployments}/web`,
    "one",
    deployment([
      container("app", {
        args: ["--a", "--b"],
        env: [{ name: "A", value: "1" }],
        ports: [{ containerPort: 80 }, { containerPort: 53, protocol: "UDP", name: "dns" }],
        resources: { requests: { cpu: "1000m", memory: "64Mi" } },
        securityContext: {},
      }),
    ]),
  ),
  ...twice(`${deployments}/web`, "two", {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: meta("web", { annotations: { note: "two" } }),
    spec: {
      replicas: 3,
      template: { spec: { containers: [{ name: "app", env: [{ name: "B", value: "2" }] }, container("side")] } },
    },
  }),
  apply(`${deployments}/web`, "one", fewer),
  // Once a second has gone by, the real server stores the same with a new time.
  { ...apply(`${deployments}/web`, "one", fewer), changesByTheClock: true },
  apply(
    `${deployments}/web`,
    "one",
    deployment([container("app", { image: "other:1" }), container("side", { image: "mine:1" })]),
  ),
  apply(
    `${deployments}/web`,
    "one",
    deployment([container("app", { image: "other:1" }), container("side", { image: "mine:1" })]),
    true,
  ),
  apply(`${deployments}/web`, "one", deployment([container("side"), container("app")]), true),
  apply(`${deployments}/web`, "one", deployment([container("app"), container("app")])),
  apply(`${deployments}/web`, "one", deployment([container("side"), container("app")], { paused: true })),
  apply(`${deployments}/web`, "one", deployment([container("side"), container("app")], { replicas: null })),
  patch("merge-patch", `${deployments}/web`, { spec: { replicas: 5 } }),
  apply(`${deployments}/web`, "two", { apiVersion: "apps/v1", kind: "Deployment", metadata: meta("web") }),
  { path: `${deployments}/web` },
]);

const service = (ports: object[], spec: object = {}) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: meta("svc"),
  spec: { selector: { app: "web" }, ports, ...spec },
});

scenario("the ports of a Service are known by number and protocol", [
  ...twice(`${core}/services/svc`, "one", service([{ name: "http", port: 80 }])),
  ...twice(
    `${core}/services/svc`,
    "one",
    service([
      { name: "http", port: 80 },
      { name: "dns", port: 53, protocol: "UDP" },
    ]),
  ),
  apply(`${core}/services/svc`, "two", service([{ name: "more", port: 8080, targetPort: "web" }])),
  ...twice(`${core}/services/svc`, "one", service([{ name: "http", port: 80, targetPort: 8080 }])),
  { path: `${core}/services/svc` },
]);

const policy = (spec: object) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: meta("np"),
  spec: { podSelector: {}, ...spec },
});

scenario("what is one piece changes hands as one", [
  ...twice(`${policies}/np`, "one", policy({ ingress: [{ ports: [{ port: 80 }] }] })),
  apply(`${policies}/np`, "two", policy({ ingress: [{ ports: [{ port: 80 }] }] })),
  apply(`${policies}/np`, "two", policy({ ingress: [{ ports: [{ port: 81 }] }], egress: [{}] })),
  ...twice(`${policies}/np`, "two", policy({ ingress: [{ ports: [{ port: 81 }] }], egress: [{}] }), true),
  ...twice(`${policies}/np`, "one", policy({ podSelector: { matchLabels: { a: "b" } } }), true),
  { path: `${policies}/np` },
  ...twice(`${scalers}/hpa`, "one", {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: meta("hpa"),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      minReplicas: 1,
      maxReplicas: 3,
    },
  }),
  ...twice(`${roles}/reader`, "one", {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: meta("reader"),
    rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }],
  }),
]);

scenario("labels, annotations, owners and finalizers are applied one by one", [
  ...twice(
    `${core}/configmaps/meta`,
    "one",
    config("meta", { a: "1" }, { labels: { x: "1" }, finalizers: ["example.com/one"] }),
  ),
  ...twice(
    `${core}/configmaps/meta`,
    "two",
    config("meta", undefined, { labels: { y: "1" }, finalizers: ["example.com/two"] }),
  ),
  apply(`${core}/configmaps/meta`, "two", config("meta", undefined, { labels: { x: "2" } })),
  ...twice(`${core}/configmaps/meta`, "one", config("meta", {}, { labels: {}, annotations: {} })),
  apply(`${core}/configmaps/meta`, "one", { ...config("meta"), immutable: false, binaryData: { b: "AQ==" } }),
  apply(`${core}/configmaps/meta`, "one", { ...config("meta"), unknown: 1 }),
  { path: `${core}/configmaps/meta` },
]);
