import {
  type ConfigCheck,
  type ConfigOf,
  choice,
  duration,
  flag,
  integer,
  list,
  port,
  text,
} from "@application-connector/service";
import { parseElementCount } from "./identity/element-count.ts";
import { natsMistakes } from "./nats/nats-mistakes.ts";
import { areNatsServers } from "./nats/nats-servers.ts";
import { parseRate } from "./policy/rate.ts";

const byProfile = (name: string, compat: string, strict: string, description: string) =>
  duration(
    name,
    0,
    `${description}; 0s: as the profile says, ${compat === strict ? compat : `compat ${compat}, strict ${strict}`}`,
  );

/** Every flag and variable of the validator, upstream's first: a command line that worked there works here. */
export const schema = {
  proxyPort: port("proxyPort", 8081, "Events from the ingress, plain HTTP"),
  externalApiPort: port("externalAPIPort", 8080, "Health, readiness and metrics"),
  eventingPathPrefixV1: text("eventingPathPrefixV1", "/v1/events", "Path under which legacy events arrive"),
  eventingPathPrefixV2: text("eventingPathPrefixV2", "/v2/events", "Path under which CloudEvents arrive"),
  eventingPathPrefixEvents: text("eventingPathPrefixEvents", "/events", "Path under which CloudEvents arrive as well"),
  eventingPublisherHost: text(
    "eventingPublisherHost",
    "eventing-event-publisher-proxy.kyma-system",
    "Host, and port if it is not 80, of Eventing's publisher proxy",
    {
      check: (value) =>
        URL.canParse(`http://${value}`) && !/[/?#@\\\s]/.test(value) ? undefined : "must be host or host:port",
    },
  ),
  eventingDestinationPath: text("eventingDestinationPath", "/publish", "Path at which Eventing takes CloudEvents", {
    check: (value) =>
      /^\/[\x21-\x22\x24-\x3e\x40-\x5b\x5d-\x7e]*$/.test(value) ? undefined : "must be a path that starts with /",
  }),
  eventingBatches: choice(
    "eventingBatches",
    "off",
    "Whether batches of events are handed on as they came, to a receiver in the place of Eventing's publisher proxy that takes them; off: event by event",
    { values: ["off", "on"] },
  ),
  appNamePlaceholder: text(
    "appNamePlaceholder",
    "%%APP_NAME%%",
    "Text that stands for the Application's name in the three prefixes, which must contain it; empty for literal prefixes",
  ),
  syncPeriodMs: duration("syncPeriod", "45s", "How often all known Applications are applied once more; 0s for never"),
  kubeconfig: text("kubeconfig", "", "Path of a kubeconfig; empty: KUBECONFIG, or the Pod's service account"),
  logLevel: choice("logLevel", "warn", "Least severe lines that are logged; panic counts as fatal", {
    values: ["debug", "info", "warn", "error", "fatal", "panic"],
  }),
  logFormat: choice("logFormat", "json", "How log lines look", { values: ["json", "text"] }),

  securityProfile: choice(
    "securityProfile",
    "compat",
    "Defaults of the settings below: as upstream, or the safe ones",
    {
      values: ["compat", "strict"],
    },
  ),
  xfccElements: text(
    "xfccElements",
    "profile",
    "How many elements X-Forwarded-Client-Cert may have, as 2 or 1-2; profile: compat 1-2, strict 2",
    {
      check: (value) =>
        value === "profile" || parseElementCount(value)
          ? undefined
          : "must be a number from 1 to 8, or a range such as 1-2",
    },
  ),
  trustedGatewayUris: list(
    "trustedGatewayURIs",
    [
      "spiffe://*/ns/istio-system/sa/istio-ingressgateway-service-account",
      "spiffe://*/ns/istio-system/sa/istio-ingressgateway",
    ],
    "Identities of the proxies between client and validator; * stands for one segment",
  ),
  xfccCert: choice(
    "xfccCert",
    "profile",
    "What the certificate inside the header counts for: nothing, it must not contradict, it must be there; profile: compat verify, strict require",
    { values: ["profile", "ignore", "verify", "require"] },
  ),
  missingCertStatus: integer("missingCertStatus", 500, "Status when the header is missing", { min: 400, max: 599 }),
  emptyClientIdsPolicy: choice(
    "emptyClientIdsPolicy",
    "profile",
    "Who may call an Application of a formation without client ids: who bears its name, or nobody; profile: compat name, strict deny",
    { values: ["profile", "name", "deny"] },
  ),
  tenantGroupPolicy: choice(
    "tenantGroupPolicy",
    "profile",
    "Whether tenant and group of an Application, where set, must be O and OU of the certificate; profile: compat ignore, strict ifset",
    { values: ["profile", "ignore", "ifset"] },
  ),
  ceValidation: choice(
    "ceValidation",
    "profile",
    "What becomes of a CloudEvent that is none: it passes, it is counted and passes, it is refused; profile: compat off, strict enforce",
    { values: ["profile", "off", "warn", "enforce"] },
  ),
  sourcePolicy: choice(
    "sourcePolicy",
    "profile",
    "Which source an event may have: any, only its Application's, or always that; profile: compat any, strict match",
    { values: ["profile", "any", "match", "rewrite"] },
  ),
  eventTypePrefix: text(
    "eventTypePrefix",
    "sap.kyma.custom",
    "Begin of the event types of the old kind, which name their Application; as in Eventing's settings",
  ),
  methodPolicy: choice(
    "methodPolicy",
    "profile",
    "Whether event paths take any method or only POST, and GET where subscribed types are asked; profile: compat any, strict events",
    { values: ["profile", "any", "events"] },
  ),
  webhookAllowedOrigins: list(
    "webhookAllowedOrigins",
    [],
    "Origins that are told by OPTIONS that they may post events (CloudEvents web hook handshake); * for all; empty for none",
  ),
  annotationPrefix: text(
    "annotationPrefix",
    "inbound.applicationconnector.kyma-project.io",
    "Begin of the annotations by which an Application changes settings for itself",
  ),
  applicationEvents: flag(
    "applicationEvents",
    true,
    "Write Kubernetes Events about what is wrong with Applications; needs the right to create and patch events",
  ),
  applicationStatus: flag(
    "applicationStatus",
    false,
    "Write into the status of Applications when their events were accepted last, and why they were refused; needs the right to patch applications/status",
  ),
  applicationStatusIntervalMs: duration(
    "applicationStatusInterval",
    "1m",
    "How often that is written for one Application at most",
    { min: "1s" },
  ),
  certificateWarningMs: duration(
    "certificateWarning",
    "336h",
    "How long before its end a client certificate is warned about, in the log and by an Event; 0s for never",
  ),
  hideUnknownApplications: flag(
    "hideUnknownApplications",
    false,
    "Answer 403 instead of 404 about an Application that there is not",
  ),
  passEventingStatuses: list(
    "passEventingStatuses",
    [],
    "Statuses from 500 on that Eventing may answer to the client, where others become 502; such as 503,507",
    {
      check: (values) =>
        values.every((value) => /^5\d\d$/.test(value)) ? undefined : "must be statuses from 500 to 599",
    },
  ),
  idempotencyWindowMs: duration(
    "idempotencyWindow",
    "0s",
    "How long an event that was stored is remembered, so that the same one of the same Application is answered as before and not handed on again; by source and id, on each replica; 0s for not at all, 5m is a good value",
  ),
  idempotencyEntries: integer("idempotencyEntries", 100_000, "How many events are remembered for that", { min: 100 }),
  subscriberHint: flag(
    "subscriberHint",
    false,
    "Tell senders by Event-Subscribers: 0 that nobody has subscribed to their event; needs the right to list and watch Subscriptions of eventing.kyma-project.io",
  ),
  maxInFlight: integer(
    "maxInFlight",
    -1,
    "Requests at once, half of them for one Application at most; 0 for no limit; -1: as the profile says, compat 0, strict 400",
    { min: -1 },
  ),
  maxBufferedBytes: integer(
    "maxBufferedBytes",
    64 * 1024 * 1024,
    "Memory for bodies that are read before they are handed on, of all requests together",
    { min: 64 * 1024 },
  ),
  circuitBreaker: choice(
    "circuitBreaker",
    "profile",
    "Whether an Eventing that has failed ten times in a row is asked only every two seconds; profile: compat off, strict on",
    { values: ["profile", "off", "on"] },
  ),
  maxBodyBytes: integer("maxBodyBytes", 1024 * 1024, "Size of a request body; 0 for no limit", { min: 0 }),
  maxHeaderBytes: integer("maxHeaderBytes", 96 * 1024, "Size of request line and headers together", { min: 4096 }),
  connectTimeoutMs: byProfile("connectTimeout", "30s", "5s", "Time to open a connection to Eventing"),
  proxyTimeoutMs: byProfile("proxyTimeout", "60s", "30s", "Time Eventing has to begin its response"),
  headersTimeoutMs: byProfile("headersTimeout", "10s", "10s", "Time a client has to send its headers"),
  bodyTimeoutMs: byProfile("bodyTimeout", "60s", "30s", "Time a client has to send its body"),
  idleTimeoutMs: byProfile("idleTimeout", "75s", "75s", "How long an unused connection is kept"),

  delivery: choice(
    "delivery",
    "proxy",
    "How events get to Eventing: through its publisher proxy, at once or not at all; the same, but kept on disk while it is away; or straight into its stream",
    { values: ["proxy", "spool", "nats"] },
  ),
  natsUrl: text(
    "natsUrl",
    "nats://127.0.0.1:4222",
    "Servers of that stream, separated by commas; nats://user:password@… or nats://token@… logs in, tls:// asks for TLS",
    {
      check: (value) =>
        areNatsServers(value) ? undefined : "must be URLs such as nats://host:4222 or tls://host:4222, with % as %25",
    },
  ),
  natsStream: text("natsStream", "sap", "Name of the stream"),
  natsSubjectPrefix: text("natsSubjectPrefix", "kyma", "First segment of the subjects", {
    check: (value) => (/^[\w-]+(\.[\w-]+)*$/.test(value) ? undefined : "must be a subject without wildcards"),
  }),
  natsCredentials: text("natsCredentials", "", "File with NATS credentials (.creds); read again for every connection"),
  natsNkeyFile: text("natsNkeyFile", "", "File with the seed of an nkey that logs in; read again for every connection"),
  natsTokenFile: text("natsTokenFile", "", "File with a token that logs in; read again for every connection"),
  natsUser: text("natsUser", "", "User who logs in, with --natsPasswordFile"),
  natsPasswordFile: text("natsPasswordFile", "", "File with that user's password; read again for every connection"),
  natsCaFile: text(
    "natsCAFile",
    "",
    "Authorities of the servers' certificates, PEM; empty: those that Node.js knows. This and the next two ask for TLS, and are read again for every connection",
  ),
  natsCertFile: text("natsCertFile", "", "The validator's own certificate for NATS with its chain, PEM"),
  natsKeyFile: text("natsKeyFile", "", "Its key, PEM"),
  spoolDir: text(
    "spoolDir",
    "",
    "Folder for events that wait for Eventing or, with --delivery=nats, for the stream; on a disk that outlives the program, of each replica its own",
  ),
  spoolMode: choice(
    "spoolMode",
    "on-failure",
    "Which events are kept there: those that Eventing cannot take at the moment and all that come after them, or every one",
    { values: ["on-failure", "always"] },
  ),
  spoolMaxBytes: integer(
    "spoolMaxBytes",
    1024 ** 3,
    "Size of that folder; an eighth on top is for events that are given up, and another for files that are damaged",
    {
      min: 64 * 1024,
    },
  ),
  spoolMaxBytesPerApp: integer("spoolMaxBytesPerApp", 256 * 1024 ** 2, "How much of it one Application may use", {
    min: 64 * 1024,
  }),
  spoolMaxAgeMs: duration("spoolMaxAge", "24h", "How long an event waits before it is given up", { min: "1s" }),

  mtlsPort: integer(
    "mtlsPort",
    0,
    "Events over mutual TLS, without an ingress; 0 for none, -1 for a port that the system chooses",
    { min: -1, max: 65_535 },
  ),
  mtlsCertFile: text(
    "mtlsCertFile",
    "",
    "Server certificate of that port, PEM; this and the next four files are read again when they change",
  ),
  mtlsKeyFile: text("mtlsKeyFile", "", "Its key, PEM"),
  mtlsClientCaFile: text("mtlsClientCAFile", "", "Authorities that client certificates must come from, PEM"),
  mtlsCrlFile: text(
    "mtlsCRLFile",
    "",
    "Revocation lists, PEM, one of every authority; empty: revocations are not looked at",
  ),
  mtlsDenyFile: text(
    "mtlsDenyFile",
    "",
    "Certificates that are refused, one a line: a SHA-256 in hex, serial:… or subject:…; empty for none",
  ),
  mtlsReloadIntervalMs: duration("mtlsReloadInterval", "5s", "How often these files are read again", { min: "100ms" }),
  mtlsPeerRate: text(
    "mtlsPeerRate",
    "",
    "Requests of one address to that port before anybody looks at the certificate, such as 100/s;burst=200; empty for no limit",
    {
      check: (value) =>
        value === "" || parseRate(value) ? undefined : "must be a rate such as 100/s or 100/s;burst=200",
    },
  ),

  engine: choice(
    "engine",
    "node",
    "What carries HTTP/1.1 on all ports for events, and to Eventing: node:http and undici, or our own connections, which need about half the CPU time and are new",
    { values: ["node", "sockets"] },
  ),
  workers: integer(
    "workers",
    1,
    "Processes that share the ports, for machines with more cores than one process can use; each has its own connections, limits and watches",
    { min: 1, max: 64, env: "WORKERS" },
  ),
  listenAddress: text("listenAddress", "", "Address to listen on; empty for all interfaces"),
  drainDelayMs: duration(
    "drainDelay",
    "5s",
    "Time between turning unready and refusing connections when stopped, for the cluster to take notice; meanwhile each answer ends its connection, so that clients move on",
  ),
  shutdownTimeoutMs: duration("shutdownTimeout", "25s", "Time that requests in flight have to end when stopped"),
  traceTrust: flag(
    "traceTrust",
    true,
    "Go on with the traces of senders; false: begin a new one for each request, linked to the sender's. Counts when spans are exported (OTEL_EXPORTER_OTLP_ENDPOINT)",
  ),
  metrics: flag("metrics", true, "Serve metrics at /metrics of the health port"),
};

export type Config = ConfigOf<typeof schema>;

/** What is wrong with values that are fine one by one. As upstream, only the first prefix at fault is named. */
export const checkConfig: ConfigCheck<typeof schema> = (config) => {
  const placeholder = config.appNamePlaceholder;
  const lacking = (["eventingPathPrefixV1", "eventingPathPrefixV2", "eventingPathPrefixEvents"] as const).find(
    (name) => placeholder !== "" && !config[name].includes(placeholder),
  );
  const missing = (["mtlsCertFile", "mtlsKeyFile", "mtlsClientCaFile"] as const).filter(
    (name) => config.mtlsPort !== 0 && config[name] === "",
  );
  return [
    ...(lacking === undefined
      ? []
      : [`${lacking} '${config[lacking]}' should contain appNamePlaceholder '${placeholder}'`]),
    ...(config.delivery === "spool" && config.spoolDir === "" ? ["--delivery=spool needs --spoolDir"] : []),
    ...(config.workers > 1 && config.spoolDir !== ""
      ? ["--spoolDir belongs to one process: run replicas, each with a volume, in place of --workers"]
      : []),
    ...natsMistakes(config),
    ...missing.map((name) => `--mtlsPort needs --${schema[name].name}`),
  ];
};
