import { type ConfigCheck, type ConfigOf, choice, duration, flag, text } from "@application-connector/service";
import { parseBindAddress } from "./bind-address.ts";

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
  kubeconfig: text("kubeconfig", "", "Path of a kubeconfig; empty: KUBECONFIG, or the Pod's service account"),
  logLevel: choice("logLevel", "info", "Least severe lines that are logged", {
    values: ["debug", "info", "warn", "error", "fatal"],
  }),
  logFormat: choice("logFormat", "json", "How log lines look", { values: ["json", "text"] }),
  shutdownTimeoutMs: duration("shutdownTimeout", "8s", "Time that what is being done has to end when stopped"),
};

export type Config = ConfigOf<typeof schema>;

export const checkConfig: ConfigCheck<typeof schema> = () => [];
