import { compareServers } from "./compare.ts";
import { apply, create, meta, patch, secret, table } from "./step.ts";

const { core, namespace, scenario } = compareServers("built-in");

const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: meta("web"),
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: {
        containers: [
          {
            name: "app",
            image: "app",
            ports: [{ containerPort: 80 }],
            livenessProbe: { httpGet: { path: "/", port: 80 } },
          },
        ],
      },
    },
  },
};

scenario("built-in kinds with defaults", [
  create(`/apis/apps/v1/namespaces/${namespace}/deployments`, deployment),
  apply(`/apis/apps/v1/namespaces/${namespace}/deployments/web`, "one", {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: meta("web"),
    spec: { template: { spec: { containers: [{ name: "app", env: [{ name: "A", value: "1" }] }] } } },
  }),
  patch("strategic-merge-patch", `/apis/apps/v1/namespaces/${namespace}/deployments/web`, {
    spec: {
      template: {
        spec: {
          containers: [
            { name: "app", image: "other" },
            { name: "side", image: "side" },
          ],
        },
      },
    },
  }),
  patch("merge-patch", `/apis/apps/v1/namespaces/${namespace}/deployments/web/status`, { status: { replicas: 1 } }),
  { path: `/apis/apps/v1/namespaces/${namespace}/deployments/web/scale` },
  { path: `/apis/apps/v1/namespaces/${namespace}/deployments`, accept: table },
  create(`/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`, {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: meta("np"),
    spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }] },
  }),
  { path: `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`, accept: table },
  create(`/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`, {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: meta("hpa"),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      maxReplicas: 3,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
      ],
    },
  }),
  { path: `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`, accept: table },
  create(`/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`, {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: meta("pdb"),
    spec: { minAvailable: 1, selector: { matchLabels: { a: "b" } } },
  }),
  { path: `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`, accept: table },
  create(`/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`, {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: meta("lease"),
    spec: { holderIdentity: "me", renewTime: "2026-01-01T00:00:00.123456Z", leaseDurationSeconds: 15 },
  }),
  patch("merge-patch", `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/lease`, {
    spec: { holderIdentity: "you" },
  }),
  { path: `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`, accept: table },
  create(`${core}/services`, {
    apiVersion: "v1",
    kind: "Service",
    metadata: meta("svc"),
    spec: { selector: { a: "b" }, ports: [{ port: 80 }] },
  }),
  create(`${core}/serviceaccounts`, { apiVersion: "v1", kind: "ServiceAccount", metadata: meta("sa") }),
  { path: `${core}/serviceaccounts`, accept: table },
  create(`${core}/events`, {
    apiVersion: "v1",
    kind: "Event",
    metadata: meta("ev", { namespace }),
    involvedObject: { kind: "Secret", name: "a", namespace },
    reason: "Because",
    message: "so",
    type: "Normal",
  }),
  create("/apis/scheduling.k8s.io/v1/priorityclasses?dryRun=All", {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: meta("pc"),
    value: 7,
  }),
  create(`${core}/secrets`, secret("opaque", { stringData: { a: "b" } })),
  { path: `${core}/secrets?fieldSelector=type=Opaque`, accept: table },
]);
