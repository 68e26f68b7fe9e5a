import {
  type ConfigCheck,
  type ConfigOf,
  choice,
  decimal,
  duration,
  flag,
  integer,
  list,
  port,
  text,
} from "@application-connector/service";

const isUrl = (value: string): string | undefined =>
  URL.canParse(value) && /^https?:/.test(value) ? undefined : "must be an address that begins with http:// or https://";

/** Every variable of the agent, upstream's first: a manifest that worked there works here. Each is a flag as well. */
export const schema = {
  agentConfigurationSecret: text(
    "agentConfigurationSecret",
    "kyma-system/compass-agent-configuration",
    "Secret that says how to pair: CONNECTOR_URL, TOKEN, RUNTIME_ID, TENANT; as namespace/name",
  ),
  controllerSyncPeriodMs: duration("controllerSyncPeriod", "20s", "How often the formation is mirrored", {
    min: "100ms",
  }),
  minimalSyncTimeMs: duration("minimalCompassSyncTime", "10s", "Least time between two rounds of calls to UCL"),
  renewalThreshold: decimal(
    "certValidityRenewalThreshold",
    0.3,
    "The client certificate is renewed when less than this share of its validity is left",
    { min: 0, max: 1 },
  ),
  clusterCertificatesSecret: text(
    "clusterCertificatesSecret",
    "kyma-system/cluster-client-certificates",
    "Secret for the client certificate and its key; as namespace/name",
  ),
  caCertificatesSecret: text(
    "caCertificatesSecret",
    "istio-system/ca-certificates",
    "Secret for the authorities that certificates of external systems come from; as namespace/name",
  ),
  skipCompassTlsVerify: flag("skipCompassTLSVerify", false, "Take any server certificate of UCL"),
  gatewayPort: integer("gatewayPort", 8080, "Read for the sake of old manifests, and not used", { min: 0 }),
  skipAppsTlsVerify: flag("skipAppsTLSVerify", false, "Value of spec.skipVerify of Applications when they are created"),
  centralGatewayServiceUrl: text(
    "centralGatewayServiceURL",
    "http://central-application-gateway.kyma-system.svc.cluster.local:8082",
    "Begin of every centralGatewayUrl",
    { check: isUrl },
  ),
  queryLogging: flag("queryLogging", false, "Log request and answer, without secrets, of calls to UCL that failed"),
  metricsLoggingTimeIntervalMs: duration(
    "metricsLoggingTimeInterval",
    "30m",
    "How often nodes and volumes of the cluster are logged; 0s for never",
  ),
  healthPort: port("healthPort", 8090, "Health, readiness and, in a dry run, the plan"),
  integrationNamespace: text("integrationNamespace", "kyma-system", "Namespace of the Secrets of Applications"),
  runtimeEventsUrl: text(
    "runtimeEventsURL",
    "https://gateway.kyma.local",
    "Where external systems send events; reported to UCL as a label of the runtime",
  ),
  runtimeConsoleUrl: text(
    "runtimeConsoleURL",
    "https://console.kyma.local",
    "The console of this cluster; reported to UCL as a label of the runtime",
  ),

  metricsPort: port("metricsPort", 8080, "Metrics"),
  leaseNamespace: text("leaseNamespace", "", "Namespace of the lease; empty: the Pod's, else kyma-system"),
  leaderElection: flag("leaderElection", true, "Let one of several replicas act; off needs no right on leases"),
  uclCaFile: text("uclCAFile", "", "Authorities that UCL's certificates may come from, beside the usual ones, PEM"),
  caOverlapMs: duration(
    "caOverlap",
    "24h",
    "How long the authorities before a change are still trusted, unless they expire earlier",
  ),
  directorPageSize: integer("directorPageSize", 100, "Applications that are asked for at once", { min: 1, max: 200 }),
  syncConcurrency: integer("syncConcurrency", 8, "Writes to the Kubernetes API at once", { min: 1, max: 64 }),
  nameConflictPolicy: choice(
    "nameConflictPolicy",
    "isolate",
    "When several applications would get the same name: leave out all but one, or apply nothing",
    { values: ["isolate", "fail"] },
  ),
  gatewayPathConflictPolicy: choice(
    "gatewayPathConflictPolicy",
    "report",
    "When several APIs would get the same address at the gateway: say so, or give the later ones a suffix",
    { values: ["report", "suffix"] },
  ),
  deletionGuardPercent: integer(
    "deletionGuardPercent",
    0,
    "Most Applications, in percent, that one round may delete unless resyncNow is set; 0 for no limit",
    { min: 0, max: 100 },
  ),
  secretDriftDetection: choice(
    "secretDriftDetection",
    "on",
    "Whether Secrets of Applications are watched; off needs no right to list them, and reads each",
    { values: ["on", "off"] },
  ),
  propagateLabels: list("propagateLabels", [], "Labels in UCL that become labels of the Application, where valid"),
  dryRun: flag("dryRun", false, "Fetch and compare, write nothing but the state of the connection; plan at /plan"),

  kubeconfig: text("kubeconfig", "", "Path of a kubeconfig; empty: KUBECONFIG, or the Pod's service account"),
  listenAddress: text("listenAddress", "", "Address to listen on; empty for all interfaces"),
  logLevel: choice("logLevel", "info", "Least severe lines that are logged", {
    values: ["debug", "info", "warn", "error", "fatal"],
  }),
  logFormat: choice("logFormat", "json", "How log lines look", { values: ["json", "text"] }),
  shutdownTimeoutMs: duration("shutdownTimeout", "25s", "Time that a round in progress has to end when stopped"),
};

export type Config = ConfigOf<typeof schema>;

const secretsToName = ["agentConfigurationSecret", "clusterCertificatesSecret", "caCertificatesSecret"] as const;

export const checkConfig: ConfigCheck<typeof schema> = (config) =>
  secretsToName
    .filter((key) => config[key].replaceAll("/", "") === "")
    .map((key) => `--${schema[key].name} must be namespace/name`);
