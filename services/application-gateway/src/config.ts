import {
  type ConfigOf,
  choice,
  duration,
  flag,
  integer,
  logLevels,
  port,
  seconds,
  text,
} from "@application-connector/service";

/** Every flag and variable of the gateway. Names and defaults of upstream first; a command line that worked there works here. */
export const schema = {
  apiServerUrl: text("apiServerURL", "", "URL of the Kubernetes API, for use outside a cluster"),
  kubeConfig: text(
    "kubeConfig",
    "",
    "Path of a kubeconfig; with it and apiServerURL empty, the pod's service account is used",
  ),
  applicationSecretsNamespace: text(
    "applicationSecretsNamespace",
    "kyma-system",
    "The only namespace that Secrets are read from",
    { check: (value) => (value === "" ? "must name a namespace" : undefined) },
  ),
  externalApiPort: port("externalAPIPort", 8081, "Health, readiness, log level and metrics"),
  proxyPort: port("proxyPort", 8080, "Calls of services with a single API: /{application}/{service}/{path}"),
  proxyPortCompass: port(
    "proxyPortCompass",
    8082,
    "Calls of one API of a bundle: /{application}/{service}/{entry}/{path}",
  ),
  logLevel: choice("logLevel", "info", "Least severe lines that are logged; can be changed at run time", {
    values: logLevels,
  }),
  proxyTimeoutMs: seconds(
    "proxyTimeout",
    10,
    "Time a target has to begin its response, counted from the end of the request, and then between any two parts of its body; also the time of a token request",
    { min: 1 },
  ),
  requestTimeoutMs: seconds(
    "requestTimeout",
    10,
    "Time a client has to send its headers, and then between any two parts of its body; also how long an unused connection is kept; 0 for no limit",
  ),
  proxyCacheTtlMs: seconds(
    "proxyCacheTTL",
    120,
    "Accepted for compatibility, without effect: changes of Applications and Secrets are watched and apply at once",
  ),
  applicationCacheRetentionMs: duration(
    "applicationCacheRetention",
    "5m",
    "Accepted for compatibility, without effect: Applications are watched",
    { env: "ACM_GATEWAY_APPCACHE_RETENTION", lenientEnvironment: true },
  ),
  secretCacheRetentionMs: duration(
    "secretCacheRetention",
    "5m",
    "Accepted for compatibility, without effect: Secrets are watched",
    { env: "ACM_GATEWAY_SECRETCACHE_RETENTION", lenientEnvironment: true },
  ),
  maxRequestDurationMs: seconds("maxRequestDuration", 600, "The longest a call may take as a whole; 0 for no limit"),
  maxHeaderBytes: integer("maxHeaderBytes", 1024 * 1024, "Size that request line and headers may have together", {
    min: 4096,
  }),
  maxConnectionsPerTarget: integer("maxConnectionsPerTarget", 128, "Connections to one target", { min: 1 }),
  maxQueuedPerTarget: integer("maxQueuedPerTarget", 1024, "Calls that may wait for a connection to one target", {
    min: 0,
  }),
  shutdownTimeoutMs: seconds(
    "shutdownTimeout",
    25,
    "Time that calls in flight have to end when the gateway is stopped",
  ),
  drainDelayMs: seconds(
    "drainDelay",
    0,
    "Time between turning unready and refusing connections when stopped, for the cluster to take notice",
  ),
  listenAddress: text("listenAddress", "", "Address to listen on; empty for all interfaces"),
  accessLog: flag(
    "accessLog",
    false,
    "Write one JSON line per request to standard output, without queries and headers, as long as the log level is info or debug",
  ),
  accessLogOneOf: integer(
    "accessLogOneOf",
    1,
    "Write a line for one of so many requests; those that failed have one always",
    { min: 1 },
  ),
  logFormat: choice("logFormat", "json", "How log lines look", { values: ["json", "text"] }),
};

export type Config = ConfigOf<typeof schema>;
