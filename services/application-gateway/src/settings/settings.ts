import { parsePrincipal } from "../policy/principal.ts";
import { parseProxyUrl } from "../target/proxy-url.ts";
import { bytes, choice, count, duration, flag, list, setting } from "./kinds.ts";
import type { ValueOf } from "./setting.ts";

const longest = "24h";
const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const dnsName = /^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/;
const headerName = /^[!#$%&'+\-.^_`|~0-9A-Za-z]*\*?$/;
const digest = /^sha256\/{1,2}([A-Za-z0-9+/]{43}=)$/;

const headerNames = "header names, each of which may end in *";
const headers = (word: string): string | undefined => (headerName.test(word) ? word.toLowerCase() : undefined);

/** Everything that annotations can say about an API. The order is that of the reference. */
export const settings = {
  requestTimeout: duration(
    "request-timeout",
    { min: "100ms", max: longest, unlimited: true },
    {
      otherwise: "--requestTimeout",
      description: "Time the client may send nothing while its request body is awaited",
    },
  ),
  responseTimeout: duration(
    "response-timeout",
    { min: "100ms", max: longest, unlimited: true },
    {
      otherwise: "--proxyTimeout",
      description: "Time the target has to begin its response, counted from the end of the request",
    },
  ),
  bodyIdleTimeout: duration(
    "body-idle-timeout",
    { min: "100ms", max: longest, unlimited: true },
    {
      otherwise: "--proxyTimeout",
      description:
        "Time between any two parts of the response body; also for the target to take more of the request body",
    },
  ),
  connectTimeout: duration(
    "connect-timeout",
    { min: "100ms", max: "10m" },
    { otherwise: "--proxyTimeout", description: "Time to open a connection to the target, with its TLS handshake" },
  ),
  maxRequestDuration: duration(
    "max-request-duration",
    { min: "1s", max: "168h", unlimited: true },
    {
      otherwise: "--maxRequestDuration",
      description: "The longest a call may take as a whole; streams and uploads are ended by it too",
    },
  ),
  upgradeIdleTimeout: duration(
    "upgrade-idle-timeout",
    { min: "1s", max: "168h", unlimited: true },
    {
      otherwise: "--upgradeIdleTimeout",
      description:
        "Time in which a byte must move on an upgraded connection, such as a WebSocket, in either direction; its only limit",
    },
  ),
  preserveTrailingSlash: flag("preserve-trailing-slash", {
    otherwise: "false",
    description: "Slashes at the end of the request path reach the target; upstream drops them",
  }),
  allowDotSegments: flag("allow-dot-segments", {
    otherwise: "false",
    description:
      "Paths whose `.` and `..` segments lead above the path of `targetUrl` are sent as they are, instead of answered with 400",
  }),
  redirects: choice("redirects", ["rewrite", "passthrough", "follow"], {
    otherwise: "rewrite",
    description:
      "What becomes of a `Location`: `rewrite` makes one that points into the API lead through the gateway, `passthrough` changes nothing, `follow` makes GET and HEAD follow up to five redirects of the target to its own origin and rewrites the rest",
  }),
  allowedNamespaces: list(
    "allowed-namespaces",
    "namespace names, or * for every caller that is known",
    {
      otherwise: "everybody",
      description: "Namespaces whose workloads may call; with allowed-principals, those of either list may",
    },
    (word) => (word === "*" || dnsLabel.test(word) ? word : undefined),
  ),
  allowedPrincipals: list(
    "allowed-principals",
    "namespace/serviceaccount or spiffe:// ids",
    {
      otherwise: "everybody",
      description: "Workload identities that may call; with allowed-namespaces, those of either list may",
    },
    parsePrincipal,
  ),
  caSecret: setting(
    "ca-secret",
    "the name of a Secret",
    {
      otherwise: "the system's authorities",
      description:
        "Secret in the namespace of the credentials with key `ca` (or `ca.crt`): PEM certificates of the authorities that target, token and CSRF servers are checked against, in place of the system's",
    },
    (text) => (dnsName.test(text) ? text : undefined),
  ),
  spkiPins: list(
    "spki-pins",
    "sha256/ and the base64 of the SHA-256 of a public key (SubjectPublicKeyInfo)",
    {
      otherwise: "none",
      description: "The target's TLS certificate must have one of these public keys, whoever issued it",
    },
    (word) => digest.exec(word)?.[1],
  ),
  httpsProxy: setting(
    "https-proxy",
    "an http:// or https:// URL without path and password, or none",
    {
      otherwise: "HTTPS_PROXY, HTTP_PROXY, NO_PROXY",
      description: "Forward proxy for calls of the target and of its token and CSRF servers; `none` calls directly",
    },
    parseProxyUrl,
  ),
  http2: flag("http2", {
    otherwise: "--http2",
    description: "HTTP/2 is used when the target wants it; `false` for a target that should not have it",
  }),
  allowedRequestHeaders: list(
    "allowed-request-headers",
    headerNames,
    {
      otherwise: "all",
      description: "Headers of the client that reach the target, and no others; what the gateway adds is not concerned",
    },
    headers,
  ),
  deniedRequestHeaders: list(
    "denied-request-headers",
    headerNames,
    { otherwise: "none", description: "Headers of the client that do not reach the target" },
    headers,
  ),
  allowedResponseHeaders: list(
    "allowed-response-headers",
    headerNames,
    { otherwise: "all", description: "Headers of the target's response that reach the client, and no others" },
    headers,
  ),
  deniedResponseHeaders: list(
    "denied-response-headers",
    headerNames,
    { otherwise: "none", description: "Headers of the target's response that do not reach the client" },
    headers,
  ),
  stripMeshHeaders: flag("strip-mesh-headers", {
    otherwise: "--stripMeshHeaders",
    description: "`X-Forwarded-Client-Cert` and `X-Envoy-*` of the request do not reach the target",
  }),
  maxRequestBytes: bytes("max-request-bytes", {
    otherwise: "--maxRequestBytes",
    description: "Size of a request body; a larger one is answered with 413",
  }),
  maxResponseBytes: bytes("max-response-bytes", {
    otherwise: "--maxResponseBytes",
    description:
      "Size of a response body; a larger one is answered with 502 when its length is known, and broken off otherwise",
  }),
  rateLimit: setting(
    "rate-limit",
    "a number of calls per second, minute or hour such as 50/s, 300/m or 1000/h",
    {
      otherwise: "none",
      description:
        "Calls that each replica lets through; more are answered with 429 and `Retry-After`. Given for the Application, its APIs share it",
    },
    readRate,
  ),
  rateLimitBurst: count(
    "rate-limit-burst",
    { min: 1, max: 1_000_000 },
    { otherwise: "the calls of one second, at least 1", description: "Calls that may come at once within rate-limit" },
  ),
  maxConcurrentCalls: count(
    "max-concurrent-calls",
    { min: 1, max: 100_000 },
    { otherwise: "--maxConnectionsPerTarget", description: "Calls of one target that run at the same time" },
  ),
  maxQueuedCalls: count(
    "max-queued-calls",
    { min: 0, max: 100_000 },
    {
      otherwise: "--maxQueuedPerTarget",
      description: "Calls that may wait until fewer run; more are answered with 429 and `Retry-After`",
    },
  ),
  circuitFailures: count(
    "circuit-failures",
    { min: 0, max: 10_000 },
    {
      otherwise: "--circuitFailures",
      description:
        "Failures of a target in a row (no connection, no response, or 500 to 599) after which calls are answered with 503 for a while; 0 for never",
    },
  ),
  circuitOpenTime: duration(
    "circuit-open-time",
    { min: "100ms", max: "1h" },
    {
      otherwise: "--circuitOpenTime",
      description:
        "How long that lasts before one call is let through to try the target; longer, up to five minutes, where the target's `Retry-After` says so",
    },
  ),
  tokenPurgeCodes: list(
    "token-purge-codes",
    "statuses from 400 to 599",
    {
      otherwise: "none",
      description:
        "Statuses of the target, beside 401 and 403, after which token and CSRF session of the call are not used again; the response is passed on, and the next call fetches others",
    },
    (word) => (/^[45]\d\d$/.test(word) ? Number(word) : undefined),
  ),
  whenNoToken: choice("when-no-token", ["refuse", "pass-through"], {
    otherwise: "refuse",
    description:
      "What becomes of a call whose token can't be had: `refuse` answers it with an error of the gateway, `pass-through` sends it without a token, for targets that give some answers to everybody",
  }),
  tokenDefaultLife: duration(
    "token-default-life",
    { min: "1s", max: "720h" },
    {
      otherwise: "5m",
      description: "How long a token lives where neither its endpoint nor the token itself says so",
    },
  ),
  tokenEagerExpiry: duration(
    "token-eager-expiry",
    { min: "0s", max: "1h" },
    {
      otherwise: "2s",
      description:
        "How long before its end a token is not used any more, unless its endpoint fails; it is renewed in the background before that",
    },
  ),
  retries: count(
    "retries",
    { min: 0, max: 5 },
    {
      otherwise: "--retries",
      description:
        "How often a call is tried again when no connection to the target could be opened, so that nothing of it was sent; together never more than 10 % of the target's calls",
    },
  ),
};

type Table = typeof settings;

/** What the annotations say about one API; what they don't say is absent. */
export type Settings = { readonly [K in keyof Table]?: ValueOf<Table[K]> };

export type SettingKey = keyof Table;

/** `perMs` is what comes back in a millisecond. */
export interface Rate {
  readonly perMs: number;
}

const periodsMs: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000 };

function readRate(text: string): Rate | undefined {
  const [, calls, period = ""] = /^(\d{1,9})\/(s|m|h)$/.exec(text) ?? [];
  const perMs = Number(calls) / (periodsMs[period] ?? Number.NaN);
  return perMs > 0 ? { perMs } : undefined;
}
