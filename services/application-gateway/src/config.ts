import {
  type ConfigCheck,
  type ConfigOf,
  choice,
  duration,
  flag,
  integer,
  list,
  logLevels,
  port,
  seconds,
  secret,
  text,
} from "@application-connector/service";
import { rangesMistake } from "./protection/address-rules.ts";
import { portsMistake, schemesMistake } from "./protection/target-rules.ts";
import { proxyMistake } from "./target/environment-proxies.ts";

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
  clientStallTimeoutMs: seconds(
    "clientStallTimeout",
    60,
    "Time a client may take not a byte of a response that waits for it; then its connection is broken; 0 for no limit",
  ),
  upgradeIdleTimeoutMs: seconds(
    "upgradeIdleTimeout",
    300,
    "Time in which a byte must move on an upgraded connection, such as a WebSocket, in either direction; its only limit; 0 for none",
  ),
  maxHeaderBytes: integer("maxHeaderBytes", 1024 * 1024, "Size that request line and headers may have together", {
    min: 4096,
  }),
  http2: flag("http2", true, "HTTP/2 is used with targets that want it; HTTP/1.1 with all others"),
  maxConnectionsPerTarget: integer("maxConnectionsPerTarget", 128, "Connections to one target", { min: 1 }),
  maxQueuedPerTarget: integer("maxQueuedPerTarget", 1024, "Calls that may wait for a connection to one target", {
    min: 0,
  }),
  maxRequestBytes: integer(
    "maxRequestBytes",
    0,
    "Size of a request body; a larger one is answered with 413; 0 for no limit",
    {
      min: 0,
    },
  ),
  maxResponseBytes: integer(
    "maxResponseBytes",
    0,
    "Size of a response body; a larger one is answered with 502 or broken off; 0 for no limit",
    { min: 0 },
  ),
  circuitFailures: integer(
    "circuitFailures",
    0,
    "Failures of a target in a row after which calls are answered with 503 for a while; 0 for never",
    { min: 0 },
  ),
  circuitOpenMs: duration(
    "circuitOpenTime",
    "30s",
    "How long calls of such a target are answered with 503 before one may try it",
    { min: "100ms", max: "1h" },
  ),
  retries: integer(
    "retries",
    0,
    "How often a call is tried again when no connection to the target could be opened, so that nothing of it was sent",
    { min: 0, max: 5 },
  ),
  stripMeshHeaders: flag(
    "stripMeshHeaders",
    false,
    "X-Forwarded-Client-Cert and X-Envoy-* of requests do not reach targets",
  ),
  deniedTargetRanges: list(
    "deniedTargetRanges",
    "169.254.0.0/16,fe80::/10,fd00:ec2::254",
    "CIDRs and addresses that are never connected to, whatever name leads there, or the word loopback for this machine; the default are link-local addresses and those of cloud metadata",
    { check: rangesMistake },
  ),
  allowedTargetPorts: list(
    "allowedTargetPorts",
    "",
    "Ports and ranges of ports (443,8000-8999) that targets, token and CSRF servers may have; empty for all",
    { check: portsMistake },
  ),
  allowedTargetSchemes: list(
    "allowedTargetSchemes",
    "http,https",
    "Schemes that the URLs of targets, token and CSRF servers may have",
    { check: schemesMistake },
  ),
  meshIdentityFrom: list(
    "meshIdentityFrom",
    "",
    "CIDRs of the mesh's sidecar (127.0.0.6/32 with Istio): on connections from there, and no others, the last element of X-Forwarded-Client-Cert says who calls; empty to believe nobody",
    { check: rangesMistake },
  ),
  trustDomain: text("trustDomain", "cluster.local", "Trust domain of this cluster's workloads in SPIFFE ids", {
    check: (value) => (/^[a-z0-9._-]+$/.test(value) ? undefined : "must be a trust domain such as cluster.local"),
  }),
  callerTokenAudience: text(
    "callerTokenAudience",
    "",
    "Audience of service account tokens that callers may send in the header Caller-Token, reviewed by the Kubernetes API; empty to accept none",
  ),
  httpProxy: secret("httpProxy", "", "Forward proxy for http:// URLs", {
    env: ["HTTP_PROXY", "http_proxy"],
    check: proxyMistake,
  }),
  httpsProxy: secret("httpsProxy", "", "Forward proxy for https:// URLs", {
    env: ["HTTPS_PROXY", "https_proxy"],
    check: proxyMistake,
  }),
  noProxy: text(
    "noProxy",
    "",
    "Names, addresses and CIDRs that are called without a forward proxy, separated by commas; this machine always is",
    { env: ["NO_PROXY", "no_proxy"] },
  ),
  retryBufferBytes: integer(
    "retryBufferBytes",
    1024 * 1024,
    "Bytes of a request body that are kept in memory until the target has accepted it, so that a call refused with 401 or 403 can be sent again with a new token",
    { min: 0 },
  ),
  retryBufferDiskBytes: integer(
    "retryBufferDiskBytes",
    64 * 1024 * 1024,
    "Bytes of a request body that are kept on disk beyond that; a call with a larger body is not sent again",
    { min: 0 },
  ),
  retryBufferTotalBytes: integer(
    "retryBufferTotalBytes",
    256 * 1024 * 1024,
    "Bytes of all request bodies that are kept at one time, an eighth of them in memory",
    { min: 0 },
  ),
  retryBufferFolder: text(
    "retryBufferFolder",
    "",
    "Where request bodies are kept on disk, in files without a name; empty for the system's folder for such files",
  ),
  signedBodyBytes: integer(
    "signedBodyBytes",
    10 * 1024 * 1024,
    "Size that a request body may have where the credential of the API signs it, so that all of it is in memory first; a larger one is answered with 413",
    { min: 0 },
  ),
  signedBodyTotalBytes: integer(
    "signedBodyTotalBytes",
    32 * 1024 * 1024,
    "Size of all such bodies that are in memory at one time; more are answered with 429",
    { min: 0 },
  ),
  tokenRetryIntervalMs: duration(
    "tokenRetryInterval",
    "1s",
    "How long a token or CSRF endpoint is not asked again after a failure; calls get the same failure meanwhile, or the token that they have until its end",
    { min: "100ms", max: "5m" },
  ),
  tokenRequestsPerServer: integer(
    "tokenRequestsPerServer",
    32,
    "Requests for tokens, for tokens of users, and for CSRF tokens, of each kind, that one server is sent at the same time; others wait",
    { min: 1 },
  ),
  maxUserTokens: integer(
    "maxUserTokens",
    5_000,
    "Tokens of users that are kept at one time, for APIs that are called in their name; those fetched longest ago go first",
    { min: 1 },
  ),
  shutdownTimeoutMs: seconds(
    "shutdownTimeout",
    25,
    "Time that calls in flight have to end when the gateway is stopped",
  ),
  drainDelayMs: seconds(
    "drainDelay",
    0,
    "Time between turning unready and refusing connections when stopped, for the cluster to take notice; meanwhile each answer ends its connection, so that clients move on",
  ),
  listenAddress: text("listenAddress", "", "Address to listen on; empty for all interfaces"),
  reportStatus: flag(
    "reportStatus",
    true,
    "Write conditions into the status of Applications, and Events, about what is wrong with them",
  ),
  certificateWarningMs: duration(
    "certificateWarning",
    "336h",
    "How long before its end a client certificate is warned about in conditions and Events",
  ),
  diagnosis: choice(
    "diagnosis",
    "off",
    "Who may read GET /v1/apis on the health port, which tells of every API how it is called and what is wrong with it: nobody, who has the token in a file, or who may get the non-resource URL /v1/apis by the cluster's RBAC",
    { values: ["off", "token", "kubernetes"] },
  ),
  diagnosisTokenFile: text("diagnosisTokenFile", "", "File with the bearer token for --diagnosis=token"),
  metricsDetail: choice(
    "metricsDetail",
    "entry",
    "What calls are counted under: each API, its Application, or all together, for clusters where thousands of APIs are called",
    { values: ["entry", "application", "none"] },
  ),
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
  engine: choice(
    "engine",
    "node",
    "What carries HTTP/1.1: node:http and undici, or our own connections, which need about half the CPU time and are new",
    { values: ["node", "sockets"] },
  ),
  workers: integer(
    "workers",
    1,
    "Processes that share the ports, for machines with more cores than one process can use; each has its own connections, tokens, limits and watches",
    { min: 1, max: 64, env: "WORKERS" },
  ),
  logFormat: choice("logFormat", "json", "How log lines look", { values: ["json", "text"] }),
};

export type Config = ConfigOf<typeof schema>;

/** Mistakes in values that are fine one by one. */
export const checkConfig: ConfigCheck<typeof schema> = ({ diagnosis, diagnosisTokenFile }) =>
  diagnosis === "token" && diagnosisTokenFile === "" ? ["--diagnosis=token needs --diagnosisTokenFile"] : [];
