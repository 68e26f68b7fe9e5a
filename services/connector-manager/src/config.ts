import {
  type ConfigCheck,
  type ConfigOf,
  choice,
  duration,
  flag,
  integer,
  list,
  text,
} from "@application-connector/service";
import { parseBindAddress } from "./bind-address.ts";
import { parseServiceName, parseWebhookUrl } from "./webhook/client-config.ts";

const isAddress = (value: string): string | undefined =>
  parseBindAddress(value) === undefined ? "must be an address such as :8080, or 0" : undefined;

/** Every flag of the manager, upstream's first. */
export const schema = {
  metricsBindAddress: text("metrics-bind-address", ":8080", "Address of the metrics; 0 for none", {
    check: isAddress,
  }),
  healthProbeBindAddress: text("health-probe-bind-address", ":8081", "Address of health and readiness; 0 for none", {
    check: isAddress,
  }),
  metricsSecure: flag("metrics-secure", false, "Metrics over TLS only, for who may get /metrics", {
    env: "METRICS_SECURE",
  }),
  metricsCertPath: text(
    "metrics-cert-path",
    "",
    "Folder of tls.crt and tls.key; empty: a certificate that signs itself",
    {
      env: "METRICS_CERT_PATH",
    },
  ),
  leaderElect: flag("leader-elect", false, "Let one of several replicas act, by a Lease"),

  domain: text("kyma-domain", "", "Domain that is used when neither the object nor shoot-info names one", {
    env: "KYMA_DOMAIN",
  }),
  imageGateway: text("image-gateway", "", "Image of the Application Gateway; empty for that of this release", {
    env: "IMAGE_GATEWAY",
  }),
  imageValidator: text("image-validator", "", "Image of the Connectivity Validator; empty for that of this release", {
    env: "IMAGE_VALIDATOR",
  }),
  imageAgent: text("image-agent", "", "Image of the Runtime Agent; empty for that of this release", {
    env: "IMAGE_AGENT",
  }),
  imagePullPolicy: choice("image-pull-policy", "IfNotPresent", "When nodes fetch the images of components", {
    env: "IMAGE_PULL_POLICY",
    values: ["Always", "IfNotPresent", "Never"],
  }),
  imagePullSecrets: list("image-pull-secrets", [], "Secrets for fetching the images of components, by name", {
    env: "IMAGE_PULL_SECRETS",
  }),
  validatorSecurityProfile: choice(
    "validator-security-profile",
    "strict",
    "Security profile of a validator whose ApplicationConnector names none",
    { values: ["strict", "compat"] },
  ),
  webhookPort: integer("webhook-port", 9443, "Port of the webhook that converts ApplicationConnectors; 0 for none", {
    min: 0,
    max: 65_535,
  }),
  webhookCertDir: text(
    "webhook-cert-dir",
    "",
    "Folder with tls.crt, tls.key and perhaps ca.crt of the webhook; empty: the manager keeps them in a Secret",
  ),
  webhookService: text(
    "webhook-service",
    "kyma-system/application-connector-webhook",
    "Service of the webhook, as namespace/name",
    { check: (value) => (parseServiceName(value) ? undefined : "must be namespace/name") },
  ),
  webhookUrl: text("webhook-url", "", "URL of the webhook, for a manager outside of the cluster", {
    check: (value) => (value === "" || parseWebhookUrl(value) ? undefined : "must be an https URL"),
  }),
  kubeconfig: text("kubeconfig", "", "Path of a kubeconfig; empty: KUBECONFIG, or the Pod's service account"),
  logLevel: choice("logLevel", "info", "Least severe lines that are logged", {
    values: ["debug", "info", "warn", "error", "fatal"],
  }),
  logFormat: choice("logFormat", "json", "How log lines look", { values: ["json", "text"] }),
  shutdownTimeoutMs: duration("shutdownTimeout", "8s", "Time that what is being done has to end when stopped"),
};

export type Config = ConfigOf<typeof schema>;

export const checkConfig: ConfigCheck<typeof schema> = () => [];
