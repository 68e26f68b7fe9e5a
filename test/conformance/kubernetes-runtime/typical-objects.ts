import type { KubeObject, Resource } from "@application-connector/kube";

export interface TypicalObject {
  resource: Resource<KubeObject & Record<string, unknown>>;
  object: KubeObject & Record<string, unknown>;
}

const labels = { app: "gateway", "app.kubernetes.io/managed-by": "tester" };

/** Objects as an operator installs them: complete where a list is one piece, with quantities as the server writes them. */
export function typicalObjects(namespace: string): TypicalObject[] {
  const of = (group: string, version: string, plural: string, kind: string, rest: object): TypicalObject => ({
    resource: { group, version, plural, kind, namespaced: true },
    object: {
      apiVersion: group === "" ? version : `${group}/${version}`,
      kind,
      metadata: { name: "gateway", namespace, labels },
      ...rest,
    },
  });
  return [
    of("", "v1", "serviceaccounts", "ServiceAccount", { automountServiceAccountToken: false }),
    of("", "v1", "secrets", "Secret", { type: "Opaque", data: { key: "dmFsdWU=" } }),
    of("", "v1", "configmaps", "ConfigMap", { data: { "a.yaml": "a: 1\n" } }),
    of("", "v1", "services", "Service", {
      spec: {
        type: "ClusterIP",
        selector: { app: "gateway" },
        ports: [
          { name: "http-proxy", port: 8080, targetPort: "http-proxy" },
          { name: "http-api-port", port: 8081, protocol: "TCP", targetPort: 8081 },
        ],
      },
    }),
    of("rbac.authorization.k8s.io", "v1", "roles", "Role", {
      rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch"] }],
    }),
    of("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", {
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "gateway" },
      subjects: [{ kind: "ServiceAccount", name: "gateway", namespace }],
    }),
    of("apps", "v1", "deployments", "Deployment", { spec: deploymentSpec }),
    of("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", {
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "gateway" },
        minReplicas: 2,
        maxReplicas: 5,
        metrics: [
          { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } },
        ],
      },
    }),
    of("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", {
      spec: { minAvailable: 1, selector: { matchLabels: { app: "gateway" } } },
    }),
    of("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", {
      spec: {
        podSelector: { matchLabels: { app: "gateway" } },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ ports: [{ protocol: "TCP", port: 8080 }] }],
        egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }] }],
      },
    }),
  ];
}

const deploymentSpec = {
  selector: { matchLabels: { app: "gateway" } },
  strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
  template: {
    metadata: { labels: { app: "gateway" }, annotations: { "sidecar.istio.io/inject": "true" } },
    spec: {
      serviceAccountName: "gateway",
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "topology.kubernetes.io/zone",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: { app: "gateway" } },
        },
      ],
      containers: [
        {
          name: "gateway",
          image: "example.com/gateway:1",
          args: ["--proxyPort=8080", "--logLevel=info"],
          env: [{ name: "APP_LOG_LEVEL", value: "info" }],
          ports: [
            { name: "http-proxy", containerPort: 8080 },
            { name: "http-api-port", containerPort: 8081 },
          ],
          readinessProbe: { httpGet: { path: "/v1/health", port: 8081 }, initialDelaySeconds: 5, periodSeconds: 5 },
          resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "500m", memory: "128Mi" } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
        },
      ],
      volumes: [{ name: "tmp", emptyDir: {} }],
    },
  },
};
