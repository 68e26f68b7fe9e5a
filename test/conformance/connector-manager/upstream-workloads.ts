import type { Any } from "./kinds.ts";

const registry = "europe-docker.pkg.dev/kyma-project/prod";
export const agent = "compass-runtime-agent";
export const gateway = "central-application-gateway";
export const validator = "central-application-connectivity-validator";
const module = { "kyma-project.io/module": "application-connector" };

const sidecar = { annotations: { "sidecar.istio.io/inject": "true" } };
const probe = (path: string, port: number, times: object) => ({ httpGet: { path, port }, ...times });
const ofDataPath = {
  securityContext: { runAsUser: 1000, privileged: false, allowPrivilegeEscalation: false },
  resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "500m", memory: "128Mi" } },
  readinessProbe: probe("/v1/health", 8081, { initialDelaySeconds: 5, periodSeconds: 5 }),
  livenessProbe: probe("/v1/health", 8081, { initialDelaySeconds: 10, periodSeconds: 10 }),
};

/** @param labels the common ones of the Deployment itself */
export function dataPathDeployment(name: string, labels: Readonly<Record<string, string>>, container: object): Any {
  const selected = { app: name, release: "application-connector" };
  const zone = "topology.kubernetes.io/zone";
  const spread = { maxSkew: 1, topologyKey: zone, whenUnsatisfiable: "ScheduleAnyway" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "kyma-system", labels },
    spec: {
      selector: { matchLabels: selected },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0 } },
      template: {
        metadata: {
          labels: { ...module, ...selected, "app.kubernetes.io/part-of": "application-connector-manager" },
          ...sidecar,
        },
        spec: {
          serviceAccountName: name,
          priorityClassName: `${name}-priority-class`,
          topologySpreadConstraints: [{ ...spread, labelSelector: { matchLabels: { app: name } } }],
          containers: [{ name, image: `${registry}/${name}:1.2.0`, ...ofDataPath, ...container }],
        },
      },
    },
  };
}

const port = (name: string, containerPort: number) => ({ name, containerPort });
const appPaths = ["V1=/%%APP_NAME%%/v1/events", "V2=/%%APP_NAME%%/v2/events", "Events=/%%APP_NAME%%/events"];

export const validatorContainer = {
  args: [
    "/app/centralapplicationconnectivityvalidator",
    "--proxyPort=8080",
    "--externalAPIPort=8081",
    ...appPaths.slice(0, 2).map((path) => `--eventingPathPrefix${path}`),
    "--eventingPublisherHost=eventing-publisher-proxy.kyma-system",
    "--eventingDestinationPath=/publish",
    ...appPaths.slice(2).map((path) => `--eventingPathPrefix${path}`),
    "--appNamePlaceholder=%%APP_NAME%%",
  ],
  env: [
    { name: "APP_LOG_FORMAT", value: "json" },
    { name: "APP_LOG_LEVEL", value: "info" },
  ],
  ports: [port("http-proxy", 8080), port("http-api-port", 8081)],
};

export const gatewayContainer = {
  args: [
    "/app/applicationgateway",
    "--proxyPort=8080",
    "--proxyPortCompass=8082",
    "--externalAPIPort=8081",
    "--logLevel=info",
    "--applicationSecretsNamespace=kyma-system",
    "--requestTimeout=10",
    "--proxyTimeout=10",
    "--proxyCacheTTL=120",
  ],
  ports: [port("http-proxy", 8080), port("http-proxy-mps", 8082), port("http-api-port", 8081)],
};

export function agentDeployment(labels: Readonly<Record<string, string>>, domain: string): Any {
  const selected = { app: agent, release: agent };
  const env = {
    APP_AGENT_CONFIGURATION_SECRET: "kyma-system/compass-agent-configuration",
    APP_CONTROLLER_SYNC_PERIOD: "180s",
    APP_MINIMAL_COMPASS_SYNC_TIME: "15s",
    APP_CERT_VALIDITY_RENEWAL_THRESHOLD: "0.3",
    APP_CLUSTER_CERTIFICATES_SECRET: "kyma-system/cluster-client-certificates",
    APP_CA_CERTIFICATES_SECRET: "istio-system/kyma-gateway-certs-cacert",
    APP_SKIP_COMPASS_TLS_VERIFY: "true",
    APP_SKIP_APPS_TLS_VERIFY: "false",
    APP_GATEWAY_PORT: "8080",
    APP_UPLOAD_SERVICE_URL: "",
    APP_QUERY_LOGGING: "false",
    APP_METRICS_LOGGING_TIME_INTERVAL: "30m",
    APP_RUNTIME_EVENTS_URL: `https://gateway.${domain}`,
    APP_RUNTIME_CONSOLE_URL: `https://console.${domain}`,
    APP_HEALTH_PORT: "8090",
    APP_CENTRAL_GATEWAY_SERVICE_URL: `http://${gateway}.kyma-system.svc.cluster.local:8082`,
  };
  const container = {
    name: agent,
    image: `${registry}/${agent}:1.2.0`,
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    ports: [port("http-health", 8090)],
    readinessProbe: probe("/healthz", 8090, { initialDelaySeconds: 10, periodSeconds: 2, timeoutSeconds: 1 }),
    livenessProbe: probe("/healthz", 8090, { initialDelaySeconds: 50, periodSeconds: 10, timeoutSeconds: 1 }),
    securityContext: {
      privileged: false,
      allowPrivilegeEscalation: false,
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: agent, namespace: "kyma-system", labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: selected },
      template: {
        metadata: { labels: { ...module, ...selected }, ...sidecar },
        spec: {
          serviceAccountName: agent,
          priorityClassName: `${agent}-priority-class`,
          securityContext: {
            runAsUser: 65535,
            runAsGroup: 65535,
            runAsNonRoot: true,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [container],
        },
      },
    },
  };
}
